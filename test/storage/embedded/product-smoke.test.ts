import { expect } from 'chai';
import { MongoStore } from 'connect-mongo';
import type { SessionData } from 'express-session';
import mongoose, { type Connection, type Model, Schema } from 'mongoose';
import { RateLimiterMongo } from 'rate-limiter-flexible';
import { errorOf, startTestStore, type TestStore } from './support.ts';

interface Neighbour {
  _id: string;
  communityId: string;
  phoneHash?: string;
  name?: string;
  skills?: string[];
  status?: string;
  score?: number;
  seenAt?: Date;
  expiresAt?: Date;
  place?: { type: 'Point'; coordinates: number[] };
  commands?: { key: string; at?: Date }[];
}

const neighbourSchema = new Schema<Neighbour>(
  {
    _id: String,
    communityId: { type: String, required: true },
    phoneHash: { type: String },
    name: String,
    skills: [String],
    status: String,
    score: { type: Number, default: 0 },
    seenAt: Date,
    expiresAt: Date,
    place: { type: { type: String }, coordinates: { type: [Number], default: undefined } },
    commands: [{ key: String, at: Date, _id: false }],
  },
  { versionKey: false },
);
neighbourSchema.index(
  { phoneHash: 1 },
  { unique: true, partialFilterExpression: { phoneHash: { $type: 'string' } } },
);
neighbourSchema.index({ communityId: 1, status: 1, seenAt: -1 });
neighbourSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
neighbourSchema.index({ skills: 1, place: '2dsphere' });
neighbourSchema.index({ communityId: 1, name: 1 }, { unique: true });

describe('the libraries of the product on the embedded store', () => {
  let running: TestStore;
  let connection: Connection;

  before(async () => {
    running = await startTestStore();
    connection = await mongoose.createConnection(running.uri).asPromise();
    model = connection.model('Neighbour', neighbourSchema) as unknown as typeof model;
  });

  after(async () => {
    await connection.close();
    await running.end();
  });

  let model: Model<Neighbour>;

  it('builds unique, compound, partial, TTL and 2dsphere indexes and shows them again', async () => {
    await model.init();
    await model.createIndexes();
    const indexes = await model.listIndexes();
    expect(indexes.map((index) => index.name)).to.have.members([
      '_id_',
      'phoneHash_1',
      'communityId_1_status_1_seenAt_-1',
      'expiresAt_1',
      'skills_1_place_2dsphere',
      'communityId_1_name_1',
    ]);
    expect(await model.diffIndexes()).to.deep.equal({ toDrop: [], toCreate: [] });
  });

  it('creates, finds in order, skips and limits', async () => {
    await model.insertMany(
      ['amina', 'bruno', 'chen', 'dilnur', 'erkin'].map((name, i) => ({
        _id: `n${i}`,
        communityId: 'c1',
        name,
        status: i % 2 === 0 ? 'open' : 'away',
        seenAt: new Date(1_700_000_000_000 + i * 1000),
        skills: i < 3 ? ['driving'] : ['cooking'],
        place: { type: 'Point' as const, coordinates: [87.6 + i / 1000, 43.8] },
      })),
    );
    const open = await model.find({ communityId: 'c1', status: 'open' }).sort({ seenAt: -1 }).limit(2).lean();
    expect(open.map((n) => n.name)).to.deep.equal(['erkin', 'chen']);
    const second = await model.find({}).sort({ name: 1 }).skip(1).limit(1).select('name').lean();
    expect(second).to.deep.equal([{ _id: 'n1', name: 'bruno' }]);
    expect(await model.countDocuments({ skills: 'driving' })).to.equal(3);
    expect(await model.estimatedDocumentCount()).to.equal(5);
    expect(await model.distinct('skills')).to.have.members(['driving', 'cooking']);
    expect(await model.exists({ _id: 'n3' })).to.deep.equal({ _id: 'n3' });
  });

  it('finds the nearest neighbours with a skill', async () => {
    const near = await model
      .find({
        skills: 'driving',
        place: {
          $near: { $geometry: { type: 'Point' as const, coordinates: [87.603, 43.8] }, $maxDistance: 5000 },
        },
      })
      .lean();
    expect(near.map((n) => n._id)).to.deep.equal(['n2', 'n1', 'n0']);
  });

  it('upserts by findOneAndUpdate and answers the document after', async () => {
    const made = await model
      .findOneAndUpdate(
        { _id: 'n9', communityId: 'c2' },
        {
          $setOnInsert: { name: 'farida' },
          $inc: { score: 5 },
          $push: { commands: { $each: [{ key: 'k1' }], $slice: -50 } },
        },
        { upsert: true, returnDocument: 'after' },
      )
      .lean();
    expect(made).to.deep.include({
      _id: 'n9',
      communityId: 'c2',
      name: 'farida',
      score: 5,
      commands: [{ key: 'k1' }],
    });
    const again = await model
      .findOneAndUpdate({ _id: 'n9', communityId: 'c2' }, { $inc: { score: 1 } }, { returnDocument: 'after' })
      .lean();
    expect(again).to.include({ score: 6 });
    expect(await model.findOneAndUpdate({ _id: 'nobody' }, { $inc: { score: 1 } })).to.equal(null);
  });

  it('updates many, writes in bulk and deletes many', async () => {
    const updated = await model.updateMany(
      { communityId: 'c1' },
      { $set: { status: 'idle' }, $unset: { seenAt: 1 } },
    );
    expect(updated).to.include({ matchedCount: 5, modifiedCount: 5 });
    const bulk = await model.bulkWrite([
      { insertOne: { document: { _id: 'b1', communityId: 'c3', name: 'gul' } } },
      { updateOne: { filter: { _id: 'b1' }, update: { $set: { score: 3 } } } },
      {
        updateOne: {
          filter: { _id: 'b2' },
          update: { $set: { communityId: 'c3', name: 'han' } },
          upsert: true,
        },
      },
      { deleteOne: { filter: { _id: 'n0' } } },
    ]);
    expect(bulk).to.include({ insertedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 1 });
    expect((await model.deleteMany({ communityId: 'c3' })).deletedCount).to.equal(2);
    expect(await model.countDocuments({})).to.equal(5);
  });

  it('reports duplicates with the key that was met', async () => {
    const error = await errorOf(model.create({ _id: 'x1', communityId: 'c1', name: 'bruno' }));
    expect(error).to.include({ code: 11000 });
    expect(error.keyPattern).to.deep.equal({ communityId: 1, name: 1 });
    expect(error.keyValue).to.deep.equal({ communityId: 'c1', name: 'bruno' });
    await model.create({ _id: 'x2', communityId: 'c9', name: 'without phone' });
    await model.create({ _id: 'x3', communityId: 'c9', name: 'without phone either' });
  });

  it('aggregates', async () => {
    const groups = await model.aggregate([
      { $match: { communityId: 'c1' } },
      { $unwind: '$skills' },
      { $group: { _id: '$skills', n: { $sum: 1 } } },
      { $sort: { n: -1, _id: 1 } },
    ]);
    expect(groups).to.deep.equal([
      { _id: 'cooking', n: 2 },
      { _id: 'driving', n: 2 },
    ]);
  });

  it('refuses transactions, fields and commands it does not know', async () => {
    const db = running.client.db('linli');
    expect(await errorOf(db.command({ find: 'neighbours', nonsense: 1 }))).to.include({ code: 40415 });
    expect(await errorOf(db.command({ mapReduce: 'neighbours' }))).to.include({ code: 59 });
    const session = running.client.startSession();
    session.startTransaction();
    const refused = await errorOf(db.collection('neighbours').findOne({}, { session }));
    await session.endSession();
    expect(refused).to.include({ code: 263 });
  });

  it('keeps sessions of connect-mongo', async () => {
    const sessions = MongoStore.create({
      client: running.client,
      dbName: 'linli',
      collectionName: 'sessions',
    });
    const call = <T>(run: (done: (error: unknown, value?: T | null) => void) => void) =>
      new Promise<T | null | undefined>((resolve, reject) =>
        run((error, value) => (error ? reject(error) : resolve(value))),
      );
    const session = {
      cookie: { originalMaxAge: 60_000, expires: new Date(Date.now() + 60_000) },
      personId: 'p1',
    };
    await call((done) => sessions.set('s1', session as unknown as SessionData, done));
    expect(await call((done) => sessions.get('s1', done))).to.include({ personId: 'p1' });
    await call((done) => sessions.touch('s1', session as unknown as SessionData, done));
    await call((done) => sessions.destroy('s1', done));
    expect(await call((done) => sessions.get('s1', done))).to.equal(null);
  });

  it('counts for rate-limiter-flexible', async () => {
    const limiter = new RateLimiterMongo({
      storeClient: running.client,
      dbName: 'linli',
      tableName: 'limits',
      points: 3,
      duration: 60,
    });
    const spent = await Promise.all([limiter.consume('ip1'), limiter.consume('ip1'), limiter.consume('ip1')]);
    expect(spent.map(({ remainingPoints }) => remainingPoints)).to.have.members([0, 1, 2]);
    const refused = await limiter.consume('ip1').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(refused).to.include({ consumedPoints: 4, remainingPoints: 0 });
    await limiter.delete('ip1');
    expect(await limiter.get('ip1')).to.equal(null);
  });
});
