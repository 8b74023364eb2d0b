import type {
  Connection,
  Model,
  PipelineStage,
  QueryFilter,
  Schema,
  UpdateQuery,
  UpdateWithAggregationPipeline,
} from 'mongoose';

/** Every stored document: UUIDv7 id and the Community it belongs to. */
export interface CommunityDocument {
  _id: string;
  communityId: string;
}

type Filter<T> = QueryFilter<T>;
type Change<T> = UpdateQuery<T> | UpdateWithAggregationPipeline;

export interface FindOptions {
  readonly sort?: Record<string, 1 | -1>;
  readonly limit?: number;
  readonly skip?: number;
  readonly projection?: Record<string, 0 | 1>;
  readonly hint?: Record<string, 1 | -1 | '2dsphere'> | string;
}

/**
 * The one place where a record is tied to its Community: every call names the community and no query,
 * update or count can leave it. Returns plain objects, never Mongoose documents.
 */
export interface CommunityCollection<T extends CommunityDocument> {
  readonly model: Model<T>;
  find(communityId: string, filter: Filter<T>, options?: FindOptions): Promise<T[]>;
  findOne(communityId: string, filter: Filter<T>, options?: FindOptions): Promise<T | null>;
  findById(communityId: string, id: string): Promise<T | null>;
  /** Throws the driver's 11000 on a duplicate; see `isDuplicate`. */
  insert(document: T): Promise<T>;
  /** Unordered: returns how many were new; duplicates are skipped. */
  insertMissing(documents: readonly T[]): Promise<number>;
  /** Conditional write: the document after the change, or null when the filter met nothing. */
  change(
    communityId: string,
    filter: Filter<T>,
    change: Change<T>,
    options?: { upsert?: boolean },
  ): Promise<T | null>;
  changeMany(communityId: string, filter: Filter<T>, change: Change<T>): Promise<number>;
  count(communityId: string, filter: Filter<T>): Promise<number>;
  remove(communityId: string, filter: Filter<T>): Promise<number>;
  aggregate<R>(communityId: string, stages: PipelineStage[]): Promise<R[]>;
  /** For clocks, relays and sweeps of the installation itself: across communities, by index, bounded. */
  findAcross(filter: Filter<T>, options: FindOptions & { readonly limit: number }): Promise<T[]>;
}

/** True for the driver's duplicate key error, whichever copy of the driver threw it. */
export function isDuplicate(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === 11000;
}

function scoped<T extends CommunityDocument>(communityId: string, filter: Filter<T>): Filter<T> {
  if (typeof communityId !== 'string' || communityId === '') throw new TypeError('communityId is missing');
  return { $and: [{ communityId }, filter] } as unknown as Filter<T>;
}

/** Opens a collection on the connection; indexes are built by `storage/open-storage.ts` before the first request. */
export function openCommunityCollection<T extends CommunityDocument>(
  connection: Connection,
  name: string,
  schema: Schema<T>,
): CommunityCollection<T> {
  const model = connection.model<T>(name, schema, name);
  const lean = <R>(value: unknown): R => value as R;
  return {
    model,
    async find(communityId, filter, options = {}) {
      return lean(
        await model
          .find(scoped(communityId, filter), options.projection ?? null, queryOptions(options))
          .lean(),
      );
    },
    async findOne(communityId, filter, options = {}) {
      return lean(
        await model
          .findOne(scoped(communityId, filter), options.projection ?? null, queryOptions(options))
          .lean(),
      );
    },
    async findById(communityId, id) {
      return lean(await model.findOne(scoped(communityId, { _id: id } as never)).lean());
    },
    async insert(document) {
      await model.insertMany([document] as T[], { lean: true });
      return document;
    },
    async insertMissing(documents) {
      if (documents.length === 0) return 0;
      try {
        const inserted = await model.insertMany(documents as T[], { ordered: false, lean: true });
        return inserted.length;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        return (
          lean<{ insertedCount?: number; result?: { insertedCount?: number } }>(error).result
            ?.insertedCount ?? 0
        );
      }
    },
    async change(communityId, filter, change, options = {}) {
      return lean(
        await model
          .findOneAndUpdate(scoped(communityId, filter), change, {
            returnDocument: 'after',
            upsert: options.upsert ?? false,
          })
          .lean(),
      );
    },
    async changeMany(communityId, filter, change) {
      return (await model.updateMany(scoped(communityId, filter), change)).modifiedCount;
    },
    async count(communityId, filter) {
      return await model.countDocuments(scoped(communityId, filter));
    },
    async remove(communityId, filter) {
      return (await model.deleteMany(scoped(communityId, filter))).deletedCount;
    },
    async aggregate<R>(communityId: string, stages: PipelineStage[]) {
      return lean<R[]>(await model.aggregate([{ $match: { communityId } }, ...stages]));
    },
    async findAcross(filter, options) {
      return lean(await model.find(filter, options.projection ?? null, queryOptions(options)).lean());
    },
  };
}

function queryOptions(options: FindOptions): Record<string, unknown> {
  const { sort, limit, skip, hint } = options;
  return Object.fromEntries(
    Object.entries({ sort, limit, skip, hint }).filter(([, value]) => value !== undefined),
  );
}
