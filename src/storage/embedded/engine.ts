import type { Catalog } from './catalog/catalog.ts';
import type { CommitQueue } from './kv/commit.ts';
import type { Env } from './kv/env.ts';
import type { Writer } from './kv/view.ts';
import type { History } from './oplog/history.ts';
import type { Cursors } from './query/cursors.ts';
import type { Moments } from './session/moments.ts';
import type { WriteContext } from './write/documents.ts';

/** One line of the log; fields first, as pino takes them. */
export type StoreLog = (
  level: 'info' | 'warn' | 'error',
  fields: Record<string, unknown>,
  message: string,
) => void;

/** What all commands work with. */
export interface Engine {
  readonly env: Env;
  readonly queue: CommitQueue;
  readonly catalog: Catalog;
  readonly cursors: Cursors;
  readonly changes: History;
  readonly moments: Moments;
  readonly now: () => Date;
  readonly log: StoreLog;
  /** Index builds under way, by index id. */
  readonly builds: Map<number, Promise<void>>;
  /** True refuses scans of whole collections (291). */
  readonly isTableScanRefused: boolean;
  /** `serve --test`: fail points may be set. */
  readonly isTest: boolean;
  /** Throws 14031 when the store may not grow. */
  checkRoom(): void;
  /** The address clients reach this server by, as it stands in `hello`. */
  readonly address: string;
  readonly setName: string;
}

/** Runs work in the write queue with all that document writes need. */
export function submitWrite<T>(engine: Engine, work: (context: WriteContext) => T): Promise<T> {
  return engine.queue.submit((writer: Writer) =>
    work({ writer, catalog: engine.catalog, changes: engine.changes }),
  );
}
