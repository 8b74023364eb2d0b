import type { RawDocument } from '../bson/types.ts';
import { type CompiledFilter, compileFilter } from '../query/match.ts';

export type KeyKind = 1 | -1 | '2dsphere';

/** One index of a collection. `_id_` has id 0: the documents themselves are its entries. */
export interface IndexRecord {
  readonly id: number;
  readonly name: string;
  readonly keys: readonly (readonly [path: string, kind: KeyKind])[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partialFilter: RawDocument | undefined;
  readonly partial: CompiledFilter | undefined;
  readonly expireAfterSeconds: number | undefined;
  /** What listIndexes shows. */
  readonly spec: RawDocument;
  /** False while it is being built: it is written, but not read. */
  readonly ready: boolean;
  /** Key paths that went through an array in some document, ever. */
  readonly multikeyPaths: readonly string[];
  /** Some entry was cut and hashed, so that the order of entries is not the order of values. */
  readonly hasCutKeys: boolean;
}

export interface CollectionRecord {
  readonly id: number;
  readonly namespace: string;
  readonly database: string;
  readonly name: string;
  readonly uuid: Uint8Array;
  /** What listCollections shows as `options`. */
  readonly options: RawDocument;
  readonly indexes: readonly IndexRecord[];
}

/** The form an index takes on disk. */
export interface StoredIndex {
  id: number;
  name: string;
  keys: [string, KeyKind][];
  unique: boolean;
  sparse: boolean;
  partialFilter: Uint8Array | null;
  expireAfterSeconds: number | null;
  spec: Uint8Array;
  ready: boolean;
  multikeyPaths: string[];
  hasCutKeys: boolean;
}

export interface StoredCollection {
  id: number;
  namespace: string;
  uuid: Uint8Array;
  options: Uint8Array;
  indexes: StoredIndex[];
}

export function toStored(record: CollectionRecord): StoredCollection {
  return {
    id: record.id,
    namespace: record.namespace,
    uuid: record.uuid,
    options: record.options,
    indexes: record.indexes.map((index) => ({
      id: index.id,
      name: index.name,
      keys: index.keys.map(([path, kind]) => [path, kind]),
      unique: index.unique,
      sparse: index.sparse,
      partialFilter: index.partialFilter ?? null,
      expireAfterSeconds: index.expireAfterSeconds ?? null,
      spec: index.spec,
      ready: index.ready,
      multikeyPaths: [...index.multikeyPaths],
      hasCutKeys: index.hasCutKeys,
    })),
  };
}

export function fromStored(stored: StoredCollection): CollectionRecord {
  const dot = stored.namespace.indexOf('.');
  return {
    id: stored.id,
    namespace: stored.namespace,
    database: stored.namespace.slice(0, dot),
    name: stored.namespace.slice(dot + 1),
    uuid: stored.uuid,
    options: stored.options,
    indexes: stored.indexes.map((index) => ({
      ...index,
      partialFilter: index.partialFilter ?? undefined,
      partial: index.partialFilter === null ? undefined : compileFilter(index.partialFilter),
      expireAfterSeconds: index.expireAfterSeconds ?? undefined,
    })),
  };
}
