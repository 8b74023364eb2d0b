import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createIdSource } from '../../src/ids.ts';
import { silentLogger } from '../../src/logger.ts';
import { applyChange, planMove } from '../../src/help-requests/plan-move.ts';
import type { Command } from '../../src/help-requests/request-commands.ts';
import { createRequestStore, type RequestStore } from '../../src/help-requests/request-store.ts';
import { TRANSITIONS } from '../../src/help-requests/request-transitions.ts';
import type { HelpRequestRecord } from '../../src/help-requests/request-types.ts';
import { LIMITS } from '../../src/shared/limits.ts';
import { openStorage, type Storage } from '../../src/storage/open-storage.ts';
import { accepts, at, contextAt, draftOf, HOUR, MINUTE, NOON, waveTo } from './sample-request.ts';

describe('the store of requests', () => {
  let directory: string;
  let storage: Storage;
  let store: RequestStore;
  const newId = createIdSource({ now: () => NOON });

  before(async function () {
    this.timeout(30_000);
    directory = await mkdtemp(path.join(tmpdir(), 'linli-requests-'));
    storage = await openStorage({
      mongodbUri: process.env['MONGODB_URI'] ?? null,
      dataDir: directory,
      logger: silentLogger,
    });
    store = createRequestStore(storage.connection);
    await storage.buildIndexes();
  });
  after(async () => {
    await storage.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function stored(more: Partial<HelpRequestRecord> = {}): Promise<HelpRequestRecord> {
    const record = { ...draftOf(), _id: newId(), createKey: newId(), ...more };
    expect(await store.insert(record)).to.equal(true);
    const found = await store.read(record.communityId, record._id);
    expect(found).to.deep.equal(record);
    return found!;
  }

  async function does(request: HelpRequestRecord, command: Command, now = NOON): Promise<HelpRequestRecord> {
    const change = planMove(request, command, contextAt(now, 'staff', 'desk'));
    const written = await store.move(request, change, { from: TRANSITIONS[command.name].from });
    // What is planned in memory is what lies in the store.
    expect(written).to.deep.equal({ ...applyChange(request, change) });
    return written!;
  }

  it('holds after every move exactly what was planned', async () => {
    let request = await stored();
    const steps: [Command, Date?][] = [
      [{ name: 'submit', liveAtOnce: false }],
      [{ name: 'approve', note: null }],
      [waveTo(['helper', 'second'])],
      [{ name: 'decline', helperId: 'second', matchId: 'match-second' }],
      [accepts('helper')],
      [{ name: 'note_reveal', readerRole: 'helper' }],
      [{ name: 'check_in', helperId: 'helper', assignmentId: 'assignment-helper' }, at(3 * HOUR)],
      [{ name: 'complete', helperId: 'helper', assignmentId: 'assignment-helper' }, at(4 * HOUR)],
      [{ name: 'dispute', note: 'x' }, at(5 * HOUR)],
      [{ name: 'settle', outcome: 'matching', note: null }, at(6 * HOUR)],
      [{ name: 'cancel', reason: 'other_with_note', note: 'y' }, at(7 * HOUR)],
      [{ name: 'reopen' }, at(8 * HOUR)],
    ];
    for (const [command, now] of steps) request = await does(request, command, now);
    expect(request).to.include({ status: 'pending_review', version: 13 });
    expect(request.outbox.length).to.be.above(8);
  });

  it('moves only the version that was read', async () => {
    const request = await stored();
    const change = planMove(request, { name: 'submit', liveAtOnce: false }, contextAt(NOON));
    const from = TRANSITIONS.submit.from;
    expect(await store.move(request, change, { from })).to.not.equal(null);
    expect(await store.move(request, change, { from }), 'the same again').to.equal(null);
    expect(await store.move({ ...request, version: 2 }, change, { from }), 'another state').to.equal(null);
    const other = { ...request, version: 2, communityId: 'elsewhere' };
    expect(await store.move(other, change, { from: ['pending_review'] }), 'another community').to.equal(null);
  });

  it('asks the timer and the free place again at the write', async () => {
    const request = await stored();
    const timer = request.timers[0]!;
    const change = planMove(request, { name: 'time_passed', timer }, contextAt(NOON));
    const moved = { ...timer, dueAt: new Date(timer.dueAt.getTime() + 1) };
    expect(await store.move(request, change, { from: ['draft'], timer: moved })).to.equal(null);
    const full = { helperId: 'helper', needed: 0 };
    expect(await store.move(request, change, { from: ['draft'], freeSlotFor: full })).to.equal(null);
    const fired = await store.move(request, change, { from: ['draft'], timer });
    expect(fired?.timers.map(({ kind }) => kind)).to.deep.equal(['draft_expires']);
    expect(await store.removeDraft(fired!, timer), 'a timer that fired').to.equal(false);
    expect(await store.removeDraft(fired!, fired!.timers[0]!)).to.equal(true);
    expect(await store.read(request.communityId, request._id)).to.equal(null);
  });

  it('keeps the last hundred entries of the timeline in the document and every other one beside it', async function () {
    this.timeout(30_000);
    let request = await does(await stored(), { name: 'submit', liveAtOnce: true });
    const written = request.timeline.map(({ id }) => id);
    for (let turn = 0; turn < LIMITS.timelineKept + 20; turn += 1) {
      // Every minute a new need comes up, and somebody takes it in hand.
      const isNews = { ...request, needsPerson: { reason: 'late', since: at(turn * MINUTE) } } as const;
      const change = planMove(isNews, { name: 'take_over' }, contextAt(at(turn * MINUTE), 'staff', 'desk'));
      const command = { key: `key-${String(turn)}`, actor: 'desk', bodyHash: 'hash' };
      request = (await store.move(request, change, { from: TRANSITIONS.take_over.from }, command))!;
      written.push(...change.timeline.map(({ id }) => id));
    }
    expect(request.timeline).to.have.length(LIMITS.timelineKept);
    expect(request.commands).to.have.length(LIMITS.commandsKept);
    expect(request.commands.at(-1)?.key).to.equal(`key-${String(LIMITS.timelineKept + 19)}`);
    const older = await store.olderTimeline(request.communityId, request._id);
    expect([...older, ...request.timeline].map(({ id }) => id)).to.deep.equal(written);
  });

  it('gives every request of a community its own short number', async () => {
    const blocks = await Promise.all([1, 2, 3].map(async () => await store.takeShortNumbers('numbers', 20)));
    expect(blocks.sort((a, b) => a - b)).to.deep.equal([1, 21, 41]);
    expect(await store.takeShortNumbers('elsewhere', 20)).to.equal(1);
  });

  it('finds what is due and what waits to be told, oldest first, and clearing changes no version', async () => {
    const early = await stored({ nextDueAt: at(-2 * HOUR) });
    const late = await stored({ nextDueAt: at(-HOUR) });
    await stored({ nextDueAt: at(HOUR) });
    const due = (await store.due(at(-HOUR), 10)).map(({ _id }) => _id);
    expect(due).to.deep.equal([early._id, late._id]);
    const told = await does(early, { name: 'submit', liveAtOnce: false });
    const waiting = await store.withOutbox(100);
    expect(waiting.map(({ _id }) => _id)).to.include(told._id);
    await store.clearOutbox(
      told._id,
      told.outbox.map(({ id }) => id),
    );
    const cleared = await store.read(told.communityId, told._id);
    expect(cleared).to.deep.equal({ ...told, outbox: [] });
    expect((await store.withOutbox(100)).map(({ _id }) => _id)).to.not.include(told._id);
  });
});
