import { createHash } from 'node:crypto';
import { checkDocument } from '../bson/check.ts';
import { createCatalog } from '../catalog/catalog.ts';
import { FORMAT_VERSION, readFormat } from '../catalog/format.ts';
import type { CollectionRecord, IndexRecord } from '../catalog/records.ts';
import { indexEntries } from '../index/entries.ts';
import { decodeEntry, documentKeyIn, encodeEntryValue, entryKey, idPrefix } from '../index/keys.ts';
import { openEnv } from '../kv/env.ts';
import { afterPrefix, type Reader, type Snapshot } from '../kv/view.ts';
import { wholeCollection } from '../query/candidate.ts';
import { placeOf } from '../write/documents.ts';

export interface Verification {
  readonly collections: number;
  readonly documents: number;
  readonly entries: number;
  /** One line for each thing that is wrong, at most 100. */
  readonly problems: readonly string[];
  /** Digest of all documents by place, for comparing a store with its backup. */
  readonly digest: string;
}

const MOST_PROBLEMS = 100;

/**
 * Reads the whole store of one moment, also while it is served: every document must be well formed and
 * lie at its `_id`; every index entry is made again from the documents and must be there with the same
 * value, and no other may be there.
 */
export async function verifyStore(dataDir: string): Promise<Verification> {
  const env = openEnv({ dataDir, readOnly: true });
  const snapshot = env.snapshot();
  try {
    return verifySnapshot(snapshot);
  } finally {
    snapshot.release();
    await env.close();
  }
}

function verifySnapshot(reader: Snapshot): Verification {
  const problems: string[] = [];
  const report = (problem: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  };
  const format = readFormat(reader);
  if (format !== FORMAT_VERSION) report(`format is ${format ?? 'missing'}, expected ${FORMAT_VERSION}`);
  const catalog = createCatalog(reader);
  const hash = createHash('sha256');
  let documents = 0;
  let entries = 0;
  for (const collection of catalog.committed.values()) {
    const counts = verifyCollection(reader, collection, hash, report);
    documents += counts.documents;
    entries += counts.entries;
  }
  const garbage = catalog.garbage(reader);
  const known = [...catalog.committed.values()];
  verifyPrefixes(
    reader,
    'documents',
    new Set([...known.map(({ id }) => id), ...idsOf(garbage, 'documents')]),
    report,
  );
  const indexIds = known.flatMap(({ indexes }) => indexes.map(({ id }) => id));
  verifyPrefixes(reader, 'entries', new Set([...indexIds, ...idsOf(garbage, 'entries')]), report);
  return { collections: known.length, documents, entries, problems, digest: hash.digest('hex') };
}

function idsOf(garbage: readonly { tree: string; id: number }[], tree: string): number[] {
  return garbage.filter((one) => one.tree === tree).map(({ id }) => id);
}

function verifyCollection(
  reader: Reader,
  collection: CollectionRecord,
  hash: ReturnType<typeof createHash>,
  report: (problem: string) => void,
): { documents: number; entries: number } {
  const made = new Map<IndexRecord, number>();
  // While an index is being built, entries for the documents not yet reached are missing by right.
  const indexes = collection.indexes.filter(({ id, ready }) => id !== 0 && ready);
  let documents = 0;
  for (const { key, value } of reader.range('documents', wholeCollection(collection))) {
    documents++;
    hash.update(key).update(value);
    const place = `${collection.namespace} ${Buffer.from(key.subarray(4)).toString('hex')}`;
    try {
      checkDocument(value);
      const documentKey = documentKeyIn(value);
      if (Buffer.compare(placeOf(collection, documentKey), key) !== 0)
        report(`${place}: lies at another _id`);
      for (const index of indexes) {
        made.set(
          index,
          (made.get(index) ?? 0) + verifyEntries(reader, index, value, documentKey, place, report),
        );
      }
    } catch (error) {
      report(`${place}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  let entries = 0;
  for (const index of indexes) {
    const there = countEntries(reader, index);
    entries += there;
    if (there !== (made.get(index) ?? 0)) {
      report(
        `${collection.namespace} index ${index.name}: ${there} entries, the documents give ${made.get(index) ?? 0}`,
      );
      reportOrphans(reader, collection, index, report);
    }
  }
  return { documents, entries };
}

/** Documents to entries: each must be there, with its value. Answers how many there must be. */
function verifyEntries(
  reader: Reader,
  index: IndexRecord,
  document: Uint8Array,
  documentKey: Uint8Array,
  place: string,
  report: (problem: string) => void,
): number {
  const { keys, points, multikeyPaths } = indexEntries(document, index);
  for (const path of multikeyPaths) {
    if (!index.multikeyPaths.includes(path))
      report(`${place}: index ${index.name} does not know the array at ${path}`);
  }
  keys.forEach((components, i) => {
    const stored = reader.get('entries', entryKey(index.id, components, documentKey, index.unique));
    const wanted = encodeEntryValue(documentKey, index.unique, points[i]);
    if (stored === undefined) report(`${place}: index ${index.name} lacks an entry`);
    else if (Buffer.compare(stored, wanted) !== 0)
      report(`${place}: index ${index.name} holds a wrong value`);
  });
  return keys.length;
}

function entriesOf(index: IndexRecord) {
  const prefix = idPrefix(index.id);
  return { from: prefix, to: afterPrefix(prefix) };
}

function countEntries(reader: Reader, index: IndexRecord): number {
  return reader.count('entries', entriesOf(index));
}

/** Entries to documents: names those whose document is gone or gives another key. */
function reportOrphans(
  reader: Reader,
  collection: CollectionRecord,
  index: IndexRecord,
  report: (problem: string) => void,
): void {
  for (const { key, value } of reader.range('entries', entriesOf(index))) {
    const { documentKey } = decodeEntry(key, value, index.unique);
    const document = reader.get('documents', placeOf(collection, documentKey));
    const hasKey =
      document !== undefined &&
      indexEntries(document, index).keys.some(
        (components) => Buffer.compare(entryKey(index.id, components, documentKey, index.unique), key) === 0,
      );
    if (!hasKey)
      report(`index ${index.name}: entry ${Buffer.from(key).toString('hex')} belongs to no document`);
  }
}

/** Every key must begin with the id of something in the catalog. */
function verifyPrefixes(
  reader: Reader,
  tree: 'documents' | 'entries',
  known: ReadonlySet<number>,
  report: (problem: string) => void,
): void {
  let from: Uint8Array = Uint8Array.of(0);
  const to = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff);
  for (;;) {
    const [first] = reader.range(tree, { from, to });
    if (first === undefined) return;
    const id = Buffer.from(first.key.buffer, first.key.byteOffset, 4).readUInt32BE(0);
    if (!known.has(id)) report(`${tree}: keys of ${id}, which the catalog does not know`);
    from = afterPrefix(idPrefix(id));
  }
}
