import { deserialize, serialize } from 'bson';
import { StoreError } from '../errors.ts';
import type { ReplyBody } from '../wire/splice.ts';

/** What insert, update and delete have come to so far; also what a retry finds. */
export interface Outcome {
  /** The next statement to run. */
  next: number;
  n: number;
  nModified: number;
  upserted: { index: number; _id: unknown }[];
  writeErrors: Record<string, unknown>[];
}

export function newOutcome(): Outcome {
  return { next: 0, n: 0, nModified: 0, upserted: [], writeErrors: [] };
}

export function copyOutcome(outcome: Outcome): Outcome {
  return { ...outcome, upserted: [...outcome.upserted], writeErrors: [...outcome.writeErrors] };
}

export function encodeOutcome(outcome: Outcome): Uint8Array {
  return serialize(outcome);
}

export function decodeOutcome(bytes: Uint8Array): Outcome {
  const { next, n, nModified, upserted, writeErrors } = deserialize(bytes, { promoteValues: false }) as {
    next: { valueOf(): number };
    n: { valueOf(): number };
    nModified: { valueOf(): number };
    upserted: Outcome['upserted'];
    writeErrors: Outcome['writeErrors'];
  };
  return { next: Number(next), n: Number(n), nModified: Number(nModified), upserted, writeErrors };
}

/** The error of one statement, as it stands in `writeErrors`. */
export function writeErrorOf(error: StoreError, index: number): Record<string, unknown> {
  return { index, code: error.code, ...error.extra, errmsg: error.message };
}

export function outcomeReply(outcome: Outcome, kind: 'insert' | 'update' | 'delete'): ReplyBody {
  return serialize({
    n: outcome.n,
    ...(kind === 'update' ? { nModified: outcome.nModified } : {}),
    ...(outcome.upserted.length > 0 ? { upserted: outcome.upserted } : {}),
    ...(outcome.writeErrors.length > 0 ? { writeErrors: outcome.writeErrors } : {}),
    ok: 1,
  });
}
