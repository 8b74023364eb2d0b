import { mkdir } from 'node:fs/promises';
import mongoose, { type Connection } from 'mongoose';
import type { Logger } from '../logger.ts';
import { startEmbeddedStore, type EmbeddedStore } from './embedded/host.ts';

/** The one connection of the process, and what starts and stops with it. */
export interface Storage {
  readonly connection: Connection;
  /** True: the embedded server of this process; false: the server of MONGODB_URI. */
  readonly isEmbedded: boolean;
  /** Builds the indexes of every model opened on the connection; call after composing, before listening. */
  buildIndexes(): Promise<void>;
  /** Writes and removes nothing that matters; rejects when the store does not take writes (for /readyz). */
  probe(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenStorageInput {
  /** Null: start the embedded server inside `dataDir`. */
  readonly mongodbUri: string | null;
  readonly dataDir: string;
  readonly logger: Logger;
  /** The embedded server ended by itself: nothing can be written any more, so the process must end. */
  readonly onFailure?: (error: Error) => void;
}

/**
 * Opens the store: Mongoose over the MongoDB wire protocol, either to `mongodbUri` or to the embedded server that
 * this call starts. Writes are acknowledged by a majority and after they are durable; a misspelt filter key throws
 * instead of meeting every document. Rejects when no server answers within 5 s.
 */
export async function openStorage({
  mongodbUri,
  dataDir,
  logger,
  onFailure,
}: OpenStorageInput): Promise<Storage> {
  const embedded = mongodbUri === null ? await startEmbedded(dataDir, logger) : null;
  const uri = mongodbUri ?? embedded?.uri ?? '';
  const connection = mongoose.createConnection();
  connection.set('strictQuery', 'throw');
  connection.set('autoIndex', false);
  connection.set('autoCreate', false);
  connection.set('bufferCommands', false);
  connection.on('error', (error: unknown) => {
    logger.error({ err: error }, 'store connection failed');
  });
  try {
    await connection.openUri(uri, {
      ...(mongodbUri === null ? { dbName: 'linli' } : {}),
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      serverSelectionTimeoutMS: 5_000,
      connectTimeoutMS: 5_000,
      socketTimeoutMS: 30_000,
      maxPoolSize: 20,
      retryWrites: true,
      retryReads: true,
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: 5_000 },
      readConcern: { level: 'majority' },
    });
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  let isClosing = false;
  void embedded?.failed.then((error) => {
    if (!isClosing) onFailure?.(error);
  });
  return {
    connection,
    isEmbedded: embedded !== null,
    async buildIndexes() {
      await Promise.all(Object.values(connection.models).map(async (model) => await model.createIndexes()));
    },
    async probe() {
      await connection
        .collection<{ _id: string; at: Date }>('probes')
        .updateOne({ _id: 'ready' }, { $currentDate: { at: true } }, { upsert: true });
    },
    async close() {
      isClosing = true;
      await connection.close();
      await embedded?.stop();
    },
  };
}

async function startEmbedded(dataDir: string, logger: Logger): Promise<EmbeddedStore> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  return await startEmbeddedStore({
    dataDir,
    log: (level, fields, message) => {
      logger[level](fields, message);
    },
  });
}
