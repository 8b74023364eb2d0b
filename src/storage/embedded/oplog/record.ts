import type { RawDocument, RawValue } from '../bson/types.ts';
import type { CollectionRecord } from '../catalog/records.ts';
import type { Writer } from '../kv/view.ts';

/** Told of every change inside its transaction, so that change streams can show it. */
export interface ChangeRecorder {
  inserted(writer: Writer, collection: CollectionRecord, id: RawValue, doc: RawDocument): void;
  updated(
    writer: Writer,
    collection: CollectionRecord,
    id: RawValue,
    before: RawDocument,
    after: RawDocument,
    kind: 'update' | 'replace',
  ): void;
  removed(writer: Writer, collection: CollectionRecord, id: RawValue): void;
  dropped(writer: Writer, namespace: string): void;
  databaseDropped(writer: Writer, database: string): void;
  renamed(writer: Writer, from: string, to: string): void;
}
