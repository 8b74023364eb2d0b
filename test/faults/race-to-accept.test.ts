import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { HelpRequestView } from '../../src/shared/api-types.ts';
import { differences, readRecords } from './estate-records.ts';
import type { EstateRecords } from './estate-records.ts';
import { startKillableService } from '../../scripts/bench/killable-service.ts';
import type { KillableService } from '../../scripts/bench/killable-service.ts';
import { sendUntilAnswered } from './patient-client.ts';
import { errand } from './errands.ts';
import { finishAfterCrash, seedEstate } from '../../scripts/bench/seed-estate.ts';
import type { SeededEstate } from '../../scripts/bench/seed-estate.ts';

const isLong = process.env['LINLI_LONG'] === '1';

describe('racing for a place', function () {
  this.timeout(600_000);
  let folder: string;
  let estate: SeededEstate;
  let service: KillableService;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'linli-race-'));
    estate = await seedEstate(folder, { authors: 3, helpers: 200, maxTasks: 5 });
    service = await startKillableService(folder);
  });
  after(async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the store holds once everything has settled; the service runs again afterwards. */
  async function recordsNow(): Promise<EstateRecords> {
    await service.stop();
    await finishAfterCrash(folder);
    const records = await readRecords(folder);
    await service.restart();
    return records;
  }

  /** All two hundred press "I can help" at once; the service is killed after so many answers and comes back. */
  async function race(
    capacity: number,
    killAfter: number,
  ): Promise<{ requestId: string; winners: string[] }> {
    const author = estate.authors[capacity - 1];
    if (author === undefined) throw new Error('no such author');
    const created = await sendUntilAnswered(
      service,
      author,
      'POST',
      '/help-requests',
      errand({ helpersNeeded: capacity }),
    );
    expect(created.status, JSON.stringify(created.body)).to.equal(201);
    const { id } = created.body as HelpRequestView;
    let answered = 0;
    let enough = () => {};
    const killTime = new Promise<void>((resolve) => void (enough = resolve));
    const racing = estate.helpers.map(async (helper) => {
      const answer = await sendUntilAnswered(service, helper, 'POST', `/help-requests/${id}/volunteer`);
      if ((answered += 1) >= killAfter) enough();
      return { helperId: helper.accountId, ...answer };
    });
    if (killAfter > 0) await killTime;
    await service.kill();
    await service.restart();
    const answers = await Promise.all(racing);
    const winners = answers.filter(({ status }) => status === 200).map(({ helperId }) => helperId);
    const losers = answers.filter(({ status }) => status !== 200);
    expect(
      losers.every(({ status }) => status === 409 || status === 403 || status === 404),
      JSON.stringify(losers[0]),
    ).to.equal(true);
    return { requestId: id, winners };
  }

  it('two hundred people accept one request while the service is killed: never above its capacity', async () => {
    const rounds = [1, 2, 3].flatMap((capacity) =>
      (isLong ? [0, 1, 3, 7, 20, 60, 120, 190] : [capacity]).map((killAfter) => ({ capacity, killAfter })),
    );
    const results: { requestId: string; winners: string[] }[] = [];
    for (const { capacity, killAfter } of rounds) {
      const result = await race(capacity, killAfter);
      expect(
        result.winners,
        `capacity ${String(capacity)}, killed after ${String(killAfter)}`,
      ).to.have.length(capacity);
      results.push(result);
    }
    const records = await recordsNow();
    for (const { requestId, winners } of results) {
      const request = records.requests.find(({ _id }) => _id === requestId);
      const primary = request?.slots.filter(({ kind }) => kind === 'primary') ?? [];
      expect(primary.map(({ helperId }) => helperId)).to.have.members(winners);
    }
    expect(differences(records)).to.deep.equal([]);
  });

  it('two requests race for one helper who takes one task at a time: never two', async () => {
    const helper = estate.helpers.at(-1);
    const [first, second] = estate.authors;
    if (helper === undefined || first === undefined || second === undefined) throw new Error('nobody there');
    await limitTasks(service, helper);
    const rounds = isLong ? 1_000 : 200;
    const ask = async (author: typeof first) =>
      (await sendUntilAnswered(service, author, 'POST', '/help-requests', errand({})))
        .body as HelpRequestView;
    const open = [
      { author: first, id: (await ask(first)).id },
      { author: second, id: (await ask(second)).id },
    ];
    for (let round = 0; round < rounds; round += 1) {
      const answers = await Promise.all(
        open.map(
          async ({ id }) =>
            await sendUntilAnswered(service, helper, 'POST', `/help-requests/${id}/volunteer`),
        ),
      );
      const taken = answers.findIndex(({ status }) => status === 200);
      expect(
        answers.map(({ status }) => status).sort((a, b) => a - b),
        `round ${String(round)}: ${JSON.stringify(answers.map(({ body }) => body))}`,
      ).to.deep.equal([200, 409]);
      const done = open[taken];
      if (done === undefined) throw new Error('nobody won');
      await sendUntilAnswered(service, done.author, 'POST', `/help-requests/${done.id}/cancel`, {
        reason: 'no_longer_needed',
      });
      done.id = (await ask(done.author)).id;
    }
    expect(differences(await recordsNow())).to.deep.equal([]);
  });
});

async function limitTasks(
  service: KillableService,
  helper: { accountId: string; cookie: string },
): Promise<void> {
  const response = await fetch(`${service.origin}/api/me/helper-profile`, {
    headers: { cookie: helper.cookie },
  });
  const { version, skills, weekly, radiusMetres, maxOffersPerDay, languages } = (await response.json()) as {
    version: number;
    skills: { skillId: string; level: number }[];
    weekly: unknown;
    radiusMetres: number;
    maxOffersPerDay: number;
    languages: string[];
  };
  const saved = await sendUntilAnswered(service, helper, 'PUT', '/me/helper-profile', {
    skills: skills.map(({ skillId, level }) => ({ skillId, level })),
    weekly,
    radiusMetres,
    maxTasks: 1,
    maxOffersPerDay,
    languages,
    quietHours: null,
    breaksQuietHoursForCritical: false,
    kindsNotDone: [],
    gender: null,
    automaticRanking: true,
    version,
  });
  expect(saved.status, JSON.stringify(saved.body)).to.equal(200);
}
