import { deserialize, serialize } from 'bson';
import { storeError } from '../errors.ts';
import type { FollowingState } from '../kv/commit.ts';
import { afterPrefix, type Reader, type Writer } from '../kv/view.ts';
import { type CollectionRecord, fromStored, type StoredCollection, toStored } from './records.ts';

const NEXT_ID_KEY = Buffer.from('next-id');
const COLLECTION_PREFIX = Buffer.from('collection:');
const GARBAGE_PREFIX = Buffer.from('garbage:');

/** The collections at one moment; never changed, only replaced. */
export type Collections = ReadonlyMap<string, CollectionRecord>;

export interface Catalog extends FollowingState {
  /** What readers see: all of it on disk. */
  readonly committed: Collections;
  /** What the running transaction sees. */
  readonly pending: Collections;
  put(writer: Writer, record: CollectionRecord): void;
  remove(writer: Writer, namespace: string): void;
  /** A number never given out before, for a collection or an index. */
  nextId(writer: Writer): number;
  /** Notes that all entries of a collection or index id are to be removed, now or after a restart. */
  addGarbage(writer: Writer, tree: 'documents' | 'entries', id: number): void;
  garbage(reader: Reader): { tree: 'documents' | 'entries'; id: number; key: Uint8Array }[];
}

export function loadCollections(reader: Reader): Map<string, CollectionRecord> {
  const out = new Map<string, CollectionRecord>();
  const stretch = { from: COLLECTION_PREFIX, to: afterPrefix(COLLECTION_PREFIX) };
  for (const { value } of reader.range('catalog', stretch)) {
    const record = fromStored(deserialize(value, { promoteBuffers: true }) as StoredCollection);
    out.set(record.namespace, record);
  }
  return out;
}

export function createCatalog(reader: Reader): Catalog {
  let committed: Collections = loadCollections(reader);
  let pending: Collections = committed;

  function replace(change: (collections: Map<string, CollectionRecord>) => void): void {
    const next = new Map(pending);
    change(next);
    pending = next;
  }

  return {
    get committed() {
      return committed;
    },
    get pending() {
      return pending;
    },
    put(writer, record) {
      writer.put('catalog', collectionKey(record.namespace), serialize(toStored(record)));
      replace((collections) => collections.set(record.namespace, record));
    },
    remove(writer, namespace) {
      writer.remove('catalog', collectionKey(namespace));
      replace((collections) => collections.delete(namespace));
    },
    nextId(writer) {
      const stored = writer.get('catalog', NEXT_ID_KEY);
      const id = stored === undefined ? 1 : (deserialize(stored) as { id: number }).id;
      writer.put('catalog', NEXT_ID_KEY, serialize({ id: id + 1 }));
      return id;
    },
    addGarbage(writer, tree, id) {
      writer.put('catalog', garbageKey(tree, id), serialize({ tree, id }));
    },
    garbage(reader) {
      const out: { tree: 'documents' | 'entries'; id: number; key: Uint8Array }[] = [];
      const stretch = { from: GARBAGE_PREFIX, to: afterPrefix(GARBAGE_PREFIX) };
      for (const { key, value } of reader.range('catalog', stretch)) {
        const { tree, id } = deserialize(value) as { tree: 'documents' | 'entries'; id: number };
        out.push({ tree, id, key });
      }
      return out;
    },
    mark: () => pending,
    restore(mark) {
      pending = mark as Collections;
    },
    publish() {
      committed = pending;
    },
  };
}

function collectionKey(namespace: string): Uint8Array {
  const name = Buffer.from(namespace);
  if (name.length > 1000)
    throw storeError(73, `Fully qualified namespace is too long: ${namespace.slice(0, 255)}`);
  return Buffer.concat([COLLECTION_PREFIX, name]);
}

function garbageKey(tree: string, id: number): Uint8Array {
  return Buffer.concat([GARBAGE_PREFIX, Buffer.from(`${tree}:${id}`)]);
}
