import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { createSeededRandom } from './seeded-random.ts';
import { differences, readRecords } from './estate-records.ts';
import type { EstateRecords } from './estate-records.ts';
import { startKillableService } from '../../scripts/bench/killable-service.ts';
import type { KillableService } from '../../scripts/bench/killable-service.ts';
import { startNeighbourhood } from './neighbourhood-life.ts';
import type { Answered } from './neighbourhood-life.ts';
import { openScreen } from './neighbour-screen.ts';
import type { Screen } from './neighbour-screen.ts';
import { finishAfterCrash, seedEstate } from '../../scripts/bench/seed-estate.ts';
import type { SeededEstate } from '../../scripts/bench/seed-estate.ts';

const KILLS = process.env['LINLI_LONG'] === '1' ? 60 : 10;
const SEED = Number(process.env['LINLI_SEED'] ?? Date.now() % 1_000_000);

describe(`kill -9 under load, ${String(KILLS)} times (LINLI_SEED=${String(SEED)})`, function () {
  this.timeout(900_000);
  let folder: string;
  let estate: SeededEstate;
  let service: KillableService;
  let screens: Screen[];
  let journal: readonly Answered[];
  let records: EstateRecords;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'linli-kill-'));
    estate = await seedEstate(folder, { authors: 10, helpers: 20 });
    service = await startKillableService(folder);
    const random = createSeededRandom(SEED);
    const everybody = [estate.staff, ...estate.authors, ...estate.helpers];
    screens = everybody.map((person) => openScreen(service, person));
    const life = startNeighbourhood(service, estate, random);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await life.answers(10 + Math.floor(random() * 30));
      // Between kills some lines go dead and come back.
      for (const screen of screens) if (random() < 0.2) screen.drop();
      await life.answers(1 + Math.floor(random() * 10));
      await service.kill();
      await service.restart();
    }
    await life.answers(30);
    await life.stop();
    journal = life.journal;
    await service.stop();
    await finishAfterCrash(folder);
    await service.restart();
    await Promise.all(screens.map(async (screen) => await screen.catchUp()));
    for (const screen of screens) screen.close();
    await service.stop();
    records = await readRecords(folder);
  });
  after(async () => {
    for (const screen of screens) screen.close();
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const told = (recipientId: string) =>
    records.notifications
      .filter((notification) => notification.recipientId === recipientId)
      .sort((a, b) => a.number - b.number);

  it('every answered command is there', () => {
    const missing = journal.filter((entry) => !isThere(records, entry));
    expect(missing.map(({ operation, id }) => `${operation} ${id}`)).to.deep.equal([]);
    const operations = new Set(journal.map(({ operation }) => operation));
    expect([...operations]).to.include.members([
      'create',
      'accept',
      'check-in',
      'complete',
      'confirm',
      'cancel',
    ]);
  });

  it('every notification that was due was stored', () => {
    const missing = journal.flatMap((entry) =>
      entry.due
        .filter(
          ({ recipientId, kind }) =>
            !told(recipientId).some(
              (notification) =>
                notification.kind === kind && notification.params['requestId'] === entry.requestId,
            ),
        )
        .map(({ recipientId, kind }) => `${entry.operation} ${entry.requestId}: ${kind} to ${recipientId}`),
    );
    expect(missing).to.deep.equal([]);
    const offers = records.requests.flatMap(({ offers }) => offers);
    const untold = offers.filter(
      ({ helperId, matchId, waveNo }) =>
        waveNo > 0 &&
        !told(helperId).some(({ kind, params }) => kind === 'offer' && params['matchId'] === matchId),
    );
    expect(untold).to.deep.equal([]);
    expect(offers.length).to.be.greaterThan(0);
    expect(records.requests.flatMap(({ outbox }) => outbox)).to.deep.equal([]);
  });

  it('every person’s numbers run from one without a gap, and no event was told twice', () => {
    for (const { person } of screens) {
      const list = told(person.accountId);
      expect(list.map(({ number }) => number)).to.deep.equal(list.map((_, index) => index + 1));
      expect(new Set(list.map(({ eventId, kind }) => `${eventId} ${kind}`)).size).to.equal(list.length);
    }
  });

  it('every screen showed everything once, in order', () => {
    for (const { person, shown } of screens) {
      expect(shown.map(({ id }) => id)).to.deep.equal(told(person.accountId).map(({ _id }) => _id));
    }
    expect(screens.reduce((sum, { shown }) => sum + shown.length, 0)).to.be.greaterThan(100);
    expect(screens.reduce((sum, screen) => sum + screen.pushes(), 0)).to.be.greaterThan(0);
  });

  it('counters equal records', () => {
    expect(differences(records)).to.deep.equal([]);
  });
});

function isThere(
  { requests, assignments, matches }: EstateRecords,
  { operation, id, requestId }: Answered,
): boolean {
  const request = requests.find(({ _id }) => _id === requestId);
  const assignment = assignments.find(({ _id }) => _id === id);
  if (request === undefined) return false;
  if (operation === 'create') return true;
  if (operation === 'cancel') return request.status === 'cancelled';
  if (operation === 'confirm') return request.completedAt !== null;
  if (operation === 'thank') return request.thanks !== null;
  if (operation === 'decline') return matches.find(({ _id }) => _id === id)?.status === 'declined';
  if (operation === 'accept') return assignment !== undefined;
  if (operation === 'check-in') return assignment?.checkedInAt instanceof Date;
  return assignment?.doneAt instanceof Date;
}
