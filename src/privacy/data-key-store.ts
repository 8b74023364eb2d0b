import { Schema, type Connection } from 'mongoose';
import { isDuplicate } from '../storage/community-collection.ts';
import type { SealedField } from './sealed-field.ts';

/** A person's data key, wrapped. It belongs to the person alone and to no community: erasing it erases the person. */
export interface DataKeyRecord {
  /** The owner's account id. */
  _id: string;
  kid: string;
  wrapped: SealedField;
  createdAt: Date;
}

export interface DataKeyStore {
  read(owner: string): Promise<DataKeyRecord | null>;
  /** The record that is there now: the given one, or the one somebody else inserted first. */
  insertOrRead(record: DataKeyRecord): Promise<DataKeyRecord>;
  remove(owner: string): Promise<void>;
}

const dataKeySchema = new Schema<DataKeyRecord>(
  {
    _id: { type: String, required: true },
    kid: { type: String, required: true },
    wrapped: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);

export function createDataKeyStore(connection: Connection): DataKeyStore {
  const model = connection.model<DataKeyRecord>('dataKeys', dataKeySchema, 'dataKeys');
  const read = async (owner: string): Promise<DataKeyRecord | null> =>
    await model.findOne({ _id: owner }).lean();
  return {
    read,
    async insertOrRead(record) {
      try {
        await model.insertMany([record], { lean: true });
        return record;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const stored = await read(record._id);
        if (stored === null) throw error;
        return stored;
      }
    },
    async remove(owner) {
      await model.deleteOne({ _id: owner });
    },
  };
}
