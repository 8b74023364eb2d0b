import { deserialize, EJSON } from 'bson';
import { documentOf } from './build.ts';
import type { RawValue } from './types.ts';

/** A value as relaxed extended JSON, for error messages. */
export function describe(value: RawValue | undefined): string {
  if (value === undefined) return 'missing';
  const holder = deserialize(documentOf([['v', value]]), { promoteValues: false }) as { v: unknown };
  return EJSON.stringify(holder.v, { relaxed: true });
}
