import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import express from 'express';
import type { Actor } from '../../src/actor.ts';
import { compose } from '../../src/compose.ts';
import type { House } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { createIdSource } from '../../src/ids.ts';
import { seedCommunity } from '../../src/demo/seed-people.ts';
import { silentLogger } from '../../src/logger.ts';
import { loadKeys } from '../../src/privacy/keys.ts';
import { openStorage } from '../../src/storage/open-storage.ts';

export interface SeededPerson {
  readonly accountId: string;
  /** Signed in; good for as long as a session lives, on every process that opens the same store and keys. */
  readonly cookie: string;
}

export interface SeededEstate {
  readonly communityId: string;
  readonly staff: SeededPerson;
  readonly authors: SeededPerson[];
  readonly helpers: SeededPerson[];
}

export interface EstatePlan {
  readonly authors: number;
  readonly helpers: number;
  readonly maxTasks?: number;
}

const WHOLE_WEEK = [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, from: 0, to: 1_440 }));

/**
 * Opens the house on the folder, seats a neighbourhood with the services themselves and closes it again. People sign
 * in without typing: hashing hundreds of passphrases is not what these tests are about.
 */
export async function seedEstate(folder: string, plan: EstatePlan): Promise<SeededEstate> {
  const opened = await openHouse(folder);
  const { house, newId } = opened;
  const door = await openDoor(house);
  try {
    const community = await seedCommunity({ communities: house.communities, newId });
    const seat = async (index: number, roles: readonly ('resident' | 'staff' | 'administrator')[]) => {
      const account = await house.registration.registerSample(community.id, {
        displayName: `Neighbour ${String(index)}`,
        signInName: `neighbour-${String(index)}`,
        passphrase: null,
        phone: `1390000${String(1_000 + index)}`,
        door: `door ${String(index)}`,
        language: 'en',
        mode: 'normal',
        buildingId: community.buildings[index % community.buildings.length]?.id ?? null,
        roles,
      });
      return { accountId: account._id, cookie: await door.enter(account._id, community.id) };
    };
    const staff = await seat(0, ['resident', 'staff', 'administrator']);
    const people = await inBatches(plan.authors + plan.helpers, (index) => seat(index + 1, ['resident']));
    const authors = people.slice(0, plan.authors);
    const helpers = people.slice(plan.authors);
    await inBatches(helpers.length, async (index) => {
      const helper = helpers[index];
      if (helper !== undefined) await makeHelper(house, staff, helper, plan.maxTasks ?? 5);
    });
    return { communityId: community.id, staff, authors, helpers };
  } finally {
    door.close();
    await house.relay.idle();
    await opened.close();
  }
}

/**
 * Does what the running service does within two minutes after a crash: delivers what is left in the outboxes and frees
 * reservations that no request confirms.
 */
export async function finishAfterCrash(folder: string): Promise<void> {
  const opened = await openHouse(folder, 2 * 60_000);
  const { relay, jobs } = opened.house;
  while ((await relay.sweep()) > 0) await relay.idle();
  // A run looks at 200 helpers; there are never a thousand here.
  for (let run = 0; run < 5; run += 1) await jobs.tick('stale-reservations');
  await opened.close();
}

/** The whole service on the folder's store, not listening; its clock may be ahead. */
async function openHouse(folder: string, aheadMs = 0) {
  const config = readConfig(
    { NODE_ENV: 'test', DATA_DIR: 'store', KEY_DIR: 'keys', LOG_LEVEL: 'silent' },
    folder,
  );
  const clock = { now: () => new Date(Date.now() + aheadMs) };
  const newId = createIdSource(clock);
  const storage = await openStorage({ mongodbUri: null, dataDir: config.dataDir, logger: silentLogger });
  const house = await compose({
    config,
    storage,
    keys: await loadKeys(config.keyDir),
    clock,
    newId,
    logger: silentLogger,
    clientDir: path.join(folder, 'no-client'),
    version: '0.0.0-test',
    limitFactor: 1_000,
    checkResponses: false,
  });
  return {
    house,
    newId,
    async close(): Promise<void> {
      await house.stop();
      await storage.close();
    },
  };
}

/** A door beside the service through which sample people walk in with both factors. */
async function openDoor(house: House) {
  const app = express();
  app.use(...house.sessions.middleware);
  app.get('/:communityId/:accountId', async (request, response) => {
    const { accountId, communityId } = request.params;
    await house.sessions.controlOf(request, response).signIn(accountId, communityId, ['passphrase', 'totp']);
    response.end();
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    async enter(accountId: string, communityId: string): Promise<string> {
      const answer = await fetch(`${origin}/${communityId}/${accountId}`);
      await answer.arrayBuffer();
      return answer.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ');
    },
    close: () => server.close().closeAllConnections(),
  };
}

/** Twenty at a time share the store's commits. */
async function inBatches<R>(count: number, work: (index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < count; from += 20) {
    const batch = Array.from({ length: Math.min(20, count - from) }, (_, step) => work(from + step));
    results.push(...(await Promise.all(batch)));
  }
  return results;
}

async function makeHelper(
  house: House,
  staff: SeededPerson,
  helper: SeededPerson,
  maxTasks: number,
): Promise<void> {
  const actorOf = async ({ accountId }: SeededPerson): Promise<Actor> => {
    const actor = await house.accounts.actorOf(accountId);
    if (actor === null) throw new Error('a seated person is gone');
    return actor;
  };
  await house.profiles.save(await actorOf(helper), {
    skills: ['shopping', 'carrying'].map((skillId) => ({ skillId, level: 2 as const })),
    weekly: WHOLE_WEEK,
    radiusMetres: 5_000,
    maxTasks,
    maxOffersPerDay: 6,
    languages: ['zh-CN', 'ug', 'en'],
    quietHours: null,
    breaksQuietHoursForCritical: false,
    kindsNotDone: [],
    gender: null,
    automaticRanking: true,
    version: 0,
  });
  const desk = { ...(await actorOf(staff)), roles: ['resident', 'staff', 'administrator'] as const };
  await house.profiles.decide(desk, helper.accountId, {
    approve: true,
    trustTier: 1,
    verifiedSkillIds: ['shopping'],
  });
  await house.profiles.setDuty(await actorOf(helper), true);
}
