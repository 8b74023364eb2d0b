import type { RawDocument } from '../bson/types.ts';
import { storeError } from '../errors.ts';
import type { Env } from '../kv/env.ts';
import type { Snapshot } from '../kv/view.ts';
import { idPrefix, joinBytes } from '../index/keys.ts';
import type { Candidate } from './candidate.ts';
import { type PlannedFind, runFind } from './find.ts';
import { type OperationControl, paceOf, stepThrough, UNCONTROLLED } from './slices.ts';

/** BSON limit of one document, and of the documents of one reply. */
export const MAX_BATCH_BYTES = 16 * 1024 * 1024;

export interface Batch {
  readonly documents: readonly RawDocument[];
  /** Nothing is left. */
  readonly isExhausted: boolean;
  /** Further fields of the reply's cursor, such as a resume token. */
  readonly extra?: Record<string, unknown>;
}

/** Where a cursor's documents come from. One pull at a time. */
export interface CursorSource {
  pull(most: number, control: OperationControl): Batch | Promise<Batch>;
  close(): void;
  /** Called when the cursor is killed during a pull: one that waits must answer soon. */
  interrupt?(): void;
  /** Called when the cursor lies idle: gives back what pins old pages. */
  rest?(): Promise<void>;
}

/** Serves a find from a snapshot of its own, released when exhausted, closed or at rest. */
export function createFindSource(
  env: Env,
  planned: PlannedFind,
  project: ((candidate: Candidate) => RawDocument) | undefined,
): CursorSource {
  let snapshot: Snapshot | undefined = env.snapshot();
  let generator: Iterator<Candidate | undefined> = runFind(snapshot, planned);
  let overflow: RawDocument | undefined;
  let given = 0;
  const { limit } = planned.request;

  function close(): void {
    generator.return?.();
    snapshot?.release();
    snapshot = undefined;
  }

  function pull(most: number, control: OperationControl): Batch | Promise<Batch> {
    const documents: RawDocument[] = [];
    let bytes = 0;
    if (most <= 0) return { documents, isExhausted: false };
    const finish = (hasEnded: boolean): Batch => {
      const isExhausted = overflow === undefined && (hasEnded || (limit > 0 && given >= limit));
      if (isExhausted) close();
      return { documents, isExhausted };
    };
    if (overflow !== undefined) {
      documents.push(overflow);
      bytes = overflow.length;
      overflow = undefined;
      given++;
      if (documents.length >= most) return finish(false);
    }
    const ended = stepThrough(generator, control, (candidate) => {
      const document = project === undefined ? candidate.document : project(candidate);
      if (documents.length > 0 && bytes + document.length > MAX_BATCH_BYTES) {
        overflow = document;
        return false;
      }
      documents.push(document);
      bytes += document.length;
      given++;
      return documents.length < most && !(limit > 0 && given >= limit);
    });
    return typeof ended === 'boolean' ? finish(ended) : ended.then(finish);
  }

  async function rest(): Promise<void> {
    if (snapshot === undefined) return;
    const keys: Candidate[] = [];
    await stepThrough(generator, UNCONTROLLED, (candidate) => {
      keys.push({ documentKey: candidate.documentKey.slice(), document: NOTHING, ...metresOf(candidate) });
      return true;
    });
    snapshot?.release();
    snapshot = undefined;
    generator = refetch(env, planned, keys);
  }

  return { pull, close, rest };
}

const NOTHING = new Uint8Array(0);

function metresOf(candidate: Candidate): { metres?: number } {
  return candidate.metres === undefined ? {} : { metres: candidate.metres };
}

/** The rest of a cursor that lay idle: by key from what is there now, checked again. */
function* refetch(
  env: Env,
  planned: PlannedFind,
  keys: readonly Candidate[],
): Generator<Candidate | undefined> {
  const prefix = idPrefix(planned.collection.id);
  for (const { documentKey, metres } of keys) {
    const document = env.current.get('documents', joinBytes(prefix, documentKey));
    yield document !== undefined && planned.request.filter.matches(document)
      ? { documentKey, document, ...(metres === undefined ? {} : { metres }) }
      : undefined;
  }
}

/** Serves documents that are all known, such as those of listIndexes. */
export function createListSource(documents: readonly RawDocument[]): CursorSource {
  let next = 0;
  return {
    pull(most) {
      const batch: RawDocument[] = [];
      let bytes = 0;
      while (next < documents.length && batch.length < most) {
        const document = documents[next]!;
        if (batch.length > 0 && bytes + document.length > MAX_BATCH_BYTES) break;
        batch.push(document);
        bytes += document.length;
        next++;
      }
      return { documents: batch, isExhausted: next >= documents.length };
    },
    close() {},
  };
}

/** What an idle aggregation may keep of its remaining results. */
const RESTING_BYTES = 64 * 1024 * 1024;

/** Serves an aggregation. At rest it keeps its remaining results in memory, when they are not too many. */
export function createIterableSource(documents: AsyncIterable<RawDocument>): CursorSource {
  const iterator = documents[Symbol.asyncIterator]();
  let ahead: RawDocument[] = [];
  let taken = 0;
  let isCutShort = false;

  async function next(): Promise<RawDocument | undefined> {
    if (taken < ahead.length) return ahead[taken++];
    if (isCutShort) throw storeError(175, 'the cursor lay idle with too many results left');
    const { done, value } = await iterator.next();
    return done ? undefined : value;
  }

  async function pull(most: number): Promise<Batch> {
    const batch: RawDocument[] = [];
    const pace = paceOf();
    let bytes = 0;
    while (batch.length < most) {
      await pace();
      const document = await next();
      if (document === undefined) return { documents: batch, isExhausted: true };
      if (batch.length > 0 && bytes + document.length > MAX_BATCH_BYTES) {
        ahead = [document, ...ahead.slice(taken)];
        taken = 0;
        break;
      }
      batch.push(document);
      bytes += document.length;
    }
    return { documents: batch, isExhausted: false };
  }

  async function rest(): Promise<void> {
    if (isCutShort) return;
    const kept = ahead.slice(taken);
    const pace = paceOf();
    let bytes = 0;
    for (;;) {
      await pace();
      const { done, value } = await iterator.next();
      if (done) break;
      kept.push(value);
      bytes += value.length;
      if (bytes > RESTING_BYTES) {
        isCutShort = true;
        await iterator.return?.();
        break;
      }
    }
    ahead = kept;
    taken = 0;
  }

  return {
    pull,
    rest,
    close() {
      void iterator.return?.();
    },
  };
}
