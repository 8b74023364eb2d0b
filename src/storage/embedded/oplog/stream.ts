import { compilePipeline } from '../aggregate/pipeline.ts';
import { createWriter, documentOf, NULL_VALUE, objectValue, stringValue } from '../bson/build.ts';
import { BSON, type RawDocument, type RawValue } from '../bson/types.ts';
import { elements, getField, stringOf, subdocument } from '../bson/walk.ts';
import type { Engine } from '../engine.ts';
import { storeError } from '../errors.ts';
import { documentKeyOf } from '../index/keys.ts';
import { placeOf } from '../write/documents.ts';
import { type Batch, type CursorSource, MAX_BATCH_BYTES } from '../query/cursor-source.ts';
import { compileFilter } from '../query/match.ts';
import type { OperationControl } from '../query/slices.ts';
import type { StreamSpec } from './stream-spec.ts';
import { type Position, positionKey, positionOf, type TokenKind, tokenText } from './position.ts';

const LAST = Buffer.alloc(9, 0xff);
/** Changes looked at before others get their turn. */
const CHUNK = 200;

/**
 * A cursor over the history of changes from a position on. A pull answers as soon as there is something
 * to show, or with nothing at its deadline. Throws 286 when changes it needs have been trimmed.
 */
export function createStreamSource(
  engine: Engine,
  spec: StreamSpec,
  stages: readonly RawDocument[],
  variables: RawDocument | undefined,
): CursorSource {
  const { changes } = engine;
  const transform = transformOf(engine, stages, variables);
  let position = spec.from;
  const endsAtOnce = spec.hasSeenEvent && endedAt(engine, spec);
  let isInvalid = false;
  let isClosed = false;

  async function pull(most: number, control: OperationControl): Promise<Batch> {
    const documents: RawDocument[] = [];
    let bytes = 0;
    while (!isInvalid && documents.length < most && bytes < MAX_BATCH_BYTES / 2) {
      const found = readChunk(Math.min(CHUNK, most - documents.length));
      for (const document of await transform(found.events)) {
        documents.push(document);
        bytes += document.length;
      }
      if (!found.isLast) continue;
      if (documents.length > 0 || isClosed || control.isKilled()) break;
      if (control.deadline === undefined || performance.now() >= control.deadline) break;
      await changes.news(position, control.deadline);
    }
    return {
      documents,
      isExhausted: isInvalid,
      extra: { postBatchResumeToken: { _data: tokenText(position, isInvalid ? 'invalidate' : 'place') } },
    };
  }

  /** The next changes the stream watches; `isLast` when it has caught up. */
  function readChunk(most: number): { events: RawDocument[]; isLast: boolean } {
    if (position < changes.keptAfter) {
      throw storeError(
        286,
        'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
        {},
        ['NonResumableChangeStreamError'],
      );
    }
    if (endsAtOnce) {
      isInvalid = true;
      return { events: [invalidateEvent(position)], isLast: true };
    }
    const events: RawDocument[] = [];
    let looked = 0;
    const stretch = { from: positionKey(position), fromExclusive: true, to: LAST };
    for (const { key, value } of engine.env.current.range('oplog', stretch)) {
      position = positionOf(key);
      const change = spec.watches(value);
      if (change !== 'unseen') events.push(showEvent(engine, spec, position, value));
      if (change === 'invalidates') {
        isInvalid = true;
        events.push(invalidateEvent(position));
        break;
      }
      if (events.length >= most || ++looked >= CHUNK) return { events, isLast: false };
    }
    return { events, isLast: true };
  }

  return {
    pull,
    close() {
      isClosed = true;
      changes.wake();
    },
    interrupt() {
      isClosed = true;
      changes.wake();
    },
  };
}

function transformOf(
  engine: Engine,
  stages: readonly RawDocument[],
  variables: RawDocument | undefined,
): (events: readonly RawDocument[]) => Promise<readonly RawDocument[]> {
  if (stages.length === 0) return (events) => Promise.resolve(events);
  const compiled = compilePipeline(stages, {
    variables,
    now: engine.now(),
    random: Math.random,
    source: { collection: () => refuseSource() },
  });
  const filter =
    compiled.leadingMatch === undefined ? undefined : compileFilter(compiled.leadingMatch, { variables });
  return async (events) => {
    const chosen = filter === undefined ? events : events.filter((event) => filter.matches(event));
    if (chosen.length === 0) return [];
    const out: RawDocument[] = [];
    for await (const document of compiled.run(iterate(chosen))) {
      if (getField(document, '_id') === undefined) {
        throw storeError(
          280,
          'Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point.',
          {},
          ['NonResumableChangeStreamError'],
        );
      }
      out.push(document);
    }
    return out;
  };
}

async function* iterate(documents: readonly RawDocument[]): AsyncGenerator<RawDocument> {
  yield* documents;
}

function refuseSource(): never {
  throw storeError(20, 'this stage is not allowed in a change stream');
}

/** The event as clients see it: token and cluster time added, the looked-up document where asked for. */
function showEvent(engine: Engine, spec: StreamSpec, position: Position, stored: RawDocument): RawDocument {
  const writer = createWriter();
  const type = stringOf(getField(stored, 'operationType')!);
  writer.value('_id', tokenValue(position));
  for (const { name, value } of elements(stored)) {
    writer.value(name, value);
    if (name === 'operationType') writer.value('clusterTime', clusterTime(position));
    if (name === 'wallTime' && type === 'update' && spec.looksUp)
      writer.value('fullDocument', lookUp(engine, stored));
  }
  return writer.finish();
}

function lookUp(engine: Engine, stored: RawDocument): RawValue {
  const ns = subdocument(getField(stored, 'ns')!);
  const namespace = `${stringOf(getField(ns, 'db')!)}.${stringOf(getField(ns, 'coll')!)}`;
  const collection = engine.catalog.committed.get(namespace);
  const id = getField(subdocument(getField(stored, 'documentKey')!), '_id')!;
  const found =
    collection === undefined
      ? undefined
      : engine.env.current.get('documents', placeOf(collection, documentKeyOf(id)));
  return found === undefined ? NULL_VALUE : objectValue(found);
}

function invalidateEvent(position: Position): RawDocument {
  return documentOf([
    ['_id', tokenValue(position, 'invalidate')],
    ['operationType', stringValue('invalidate')],
    ['clusterTime', clusterTime(position)],
  ]);
}

function tokenValue(position: Position, kind: TokenKind = 'event'): RawValue {
  return objectValue(documentOf([['_data', stringValue(tokenText(position, kind))]]));
}

/** Whether the event the stream begins after had ended the stream it was seen in. */
function endedAt(engine: Engine, spec: StreamSpec): boolean {
  const event = engine.env.current.get('oplog', positionKey(spec.from));
  return event !== undefined && spec.watches(event) === 'invalidates';
}

function clusterTime(position: Position): RawValue {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(position);
  return { type: BSON.timestamp, bytes, start: 0, end: 8 };
}
