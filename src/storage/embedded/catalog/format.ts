import { rmSync } from 'node:fs';
import { deserialize, serialize } from 'bson';
import { storeError } from '../errors.ts';
import type { Env } from '../kv/env.ts';
import { keepFile } from '../kv/keep-file.ts';
import { commitOnce } from '../kv/overlay.ts';
import type { Reader, Writer } from '../kv/view.ts';

/** The store's format; a store with a greater number is refused, with a smaller one migrated. */
export const FORMAT_VERSION = 1;

/** Changes a store of one format into the next, inside one transaction. */
export type Migration = (writer: Writer) => void;

/** By the format each starts from. None yet: there is only one format. */
const MIGRATIONS: ReadonlyMap<number, Migration> = new Map();

const FORMAT_KEY = Buffer.from('format');

/** The format number of a store, undefined when it is new. */
export function readFormat(reader: Reader): number | undefined {
  const stored = reader.get('catalog', FORMAT_KEY);
  return stored === undefined ? undefined : (deserialize(stored) as { version: number }).version;
}

/**
 * Writes the format number into a new store; migrates an older one in one transaction, after a backup
 * beside it. Throws 72 on a newer one, which is not touched.
 */
export async function bringToFormat(
  env: Env,
  wanted = FORMAT_VERSION,
  migrations = MIGRATIONS,
): Promise<void> {
  const found = readFormat(env.current);
  if (found === wanted) return;
  if (found !== undefined && found > wanted) {
    throw storeError(
      72,
      `the store has format ${found}, this program knows formats up to ${wanted}: use a newer program; nothing was changed`,
    );
  }
  if (found !== undefined) await backUpBefore(env, found);
  await commitOnce(env, (writer) => {
    for (let from = found ?? wanted; from < wanted; from++) {
      const migrate = migrations.get(from);
      if (migrate === undefined) throw storeError(72, `there is no way from format ${from} to ${from + 1}`);
      migrate(writer);
    }
    writer.put('catalog', FORMAT_KEY, serialize({ version: wanted }));
  });
}

async function backUpBefore(env: Env, format: number): Promise<void> {
  const path = `${env.path}.format-${format}`;
  const partial = `${path}.part`;
  rmSync(partial, { force: true });
  await env.backup(partial);
  keepFile(partial, path);
}
