import { expect } from 'chai';
import { createMatchingIndex } from '../../src/matching/matching-index.ts';
import { MatchingInputError } from '../../src/matching/matching-error.ts';
import { REFUSALS, type Helper, type MatchRequest } from '../../src/matching/match-types.ts';
import { recordRun, replayRun, type MatchingRun } from '../../src/matching/matching-run.ts';
import { describeWeights } from '../../src/matching/score-weights.ts';
import { sha256 } from '../../src/matching/sha256.ts';
import { NOW, plainHelper, plainRequest, randomCity, randomRequest } from './support/random-city.ts';
import { haversine } from './support/full-scan-oracle.ts';

const PLACE = [87.6, 43.8] as const;
const MOMENT = { now: NOW, weekMinute: 2 * 1440 + 600 };
const ASK = { limit: 10, seed: 1 };

function indexOf(...helpers: readonly Helper[]): ReturnType<typeof createMatchingIndex> {
  const index = createMatchingIndex();
  for (const helper of helpers) index.put(helper);
  return index;
}

/** One change of helper or request for each refusal, all else fitting. */
const BREAKS: Readonly<Record<string, { helper?: Partial<Helper>; request?: Partial<MatchRequest> }>> = {
  own_request: { request: { partyIds: ['h'] } },
  same_household: { helper: { householdId: 'home' }, request: { householdId: 'home' } },
  suspended: { helper: { isSuspended: true } },
  off_duty: { helper: { isOnDuty: false } },
  missing_skill: { helper: { skills: [] } },
  skill_not_verified: { request: { requiredSkills: [{ skillId: 'skill1', mustBeVerified: true }] } },
  trust_tier: { helper: { trustTier: 0 }, request: { tier: 1 } },
  gender_wish: { request: { genderWish: 'man' } },
  language: { request: { languages: ['kk'] } },
  not_available_then: { helper: { weekly: [{ from: 0, to: 600 }] } },
  too_far: { helper: { radiusMetres: 0, point: [87.61, 43.8] } },
  too_many_tasks: { helper: { activeTasks: 2 } },
  asked_too_often_today: { helper: { offersToday: 6 } },
  resting: { helper: { nextOfferNotBefore: NOW + 1 } },
  quiet_hours: { helper: { quietHours: { from: 540, to: 660 } } },
  blocked: { helper: { blocked: ['author'] } },
  does_not_do_kind: { helper: { kindsNotDone: ['kind0'] } },
  already_asked: { request: { excludedHelperIds: ['h'] } },
};

describe('every hard constraint', () => {
  for (const refusal of REFUSALS) {
    it(`refuses alone, and says so: ${refusal}`, () => {
      const { helper = {}, request = {} } = BREAKS[refusal]!;
      const index = indexOf({ ...plainHelper('h', PLACE), ...helper });
      const asked = { ...plainRequest(PLACE), ...request };
      const ranking = index.rank(asked, MOMENT, ASK);
      expect(ranking.ranked).to.have.length(0);
      expect(ranking.refusedCounts).to.deep.equal({ [refusal]: 1 });
      expect(index.explain(asked, 'h', MOMENT, 1)).to.deep.equal({ refusals: [refusal] });
      expect(indexOf(plainHelper('h', PLACE)).rank(plainRequest(PLACE), MOMENT, ASK).ranked).to.have.length(
        1,
      );
    });
  }

  it('lets critical requests wake those who agreed and ask those who rest', () => {
    const asleep = { quietHours: { from: 540, to: 660 }, nextOfferNotBefore: NOW + 1 };
    const agreed = { ...plainHelper('yes', PLACE), ...asleep, breaksQuietHoursForCritical: true };
    const index = indexOf(agreed, { ...plainHelper('no', PLACE), ...asleep });
    const critical = { ...plainRequest(PLACE), urgency: 'critical' } as const;
    expect(index.rank(critical, MOMENT, ASK).ranked.map((one) => one.helperId)).to.deep.equal(['yes']);
  });
});

describe('a ranking', () => {
  it('has parts that add up, reasons, and says what it is', () => {
    const city = randomCity('dense', 300, 5);
    const index = indexOf(...city.helpers);
    for (let no = 0; no < 20; no += 1) {
      const { request, moment } = randomRequest(city, no);
      for (const one of index.rank(request, moment, { limit: 50, seed: 3 }).ranked) {
        const { skillAndLanguage, near, free, keepsPromises, fairTurn } = one.parts;
        expect(skillAndLanguage + near + free + keepsPromises + fairTurn).to.be.closeTo(one.score, 1e-9);
        expect(one.score).to.be.within(0, 100);
        expect(one.order).to.equal(one.acceptance * one.attention * (one.score / 100));
        expect(one.reasons.length).to.be.above(0);
        expect(index.explain(request, one.helperId, moment, 3)).to.have.property('ranked');
      }
    }
    expect(describeWeights().reduce((sum, row) => sum + row.points, 0)).to.equal(100);
  });

  it('ranks a helper who wants plain order by distance and time alone', () => {
    const past = {
      ...plainHelper('x', PLACE).history,
      offered: 50,
      lapsed: 50,
      promised: 9,
      offersLast7Days: 9,
    };
    const index = indexOf({ ...plainHelper('plain', PLACE), automaticRanking: false, history: past });
    const before = index.rank(plainRequest(PLACE), MOMENT, ASK).ranked[0]!;
    index.put({ ...plainHelper('plain', PLACE), automaticRanking: false });
    expect(index.rank(plainRequest(PLACE), MOMENT, ASK).ranked[0]).to.deep.include({
      score: before.score,
      acceptance: before.acceptance,
      attention: before.attention,
    });
  });

  it('turns equals by request, the same way each time', () => {
    const index = indexOf(...Array.from({ length: 40 }, (_, no) => plainHelper(`h${no}`, PLACE)));
    const firstFor = (requestId: string): string =>
      index.rank({ ...plainRequest(PLACE), requestId }, MOMENT, ASK).ranked[0]!.helperId;
    const firsts = Array.from({ length: 30 }, (_, no) => firstFor(`r${no}`));
    expect(new Set(firsts).size).to.be.above(10);
    expect(Array.from({ length: 30 }, (_, no) => firstFor(`r${no}`))).to.deep.equal(firsts);
  });

  it('finds the nearest with a skill in exact order', () => {
    const city = randomCity('whole world', 800, 11);
    const index = indexOf(...city.helpers);
    const able = city.helpers.filter(
      (one) =>
        one.skills.some((skill) => skill.skillId === 'skill0') &&
        one.isOnDuty &&
        !one.isSuspended &&
        one.activeTasks < one.maxTasks &&
        one.offersToday < one.maxOffersPerDay,
    );
    for (const point of [PLACE, [180, 0], [-180, 10], [0, 90], [12, -90]] as const) {
      const expected = able
        .map((one) => ({ id: one.helperId, metres: haversine(point, one.point) }))
        .sort((a, b) => a.metres - b.metres);
      const found = index.nearest('skill0', point, { limit: 20, withinMetres: 2e7 });
      expect(found.map((one) => one.helperId)).to.deep.equal(expected.slice(0, 20).map((one) => one.id));
      found.forEach((one, at) => expect(one.metres).to.be.closeTo(expected[at]!.metres, 0.01));
      const within = expected[7]!.metres + 1e-3;
      expect(index.nearest('skill0', point, { limit: 20, withinMetres: within })).to.have.length(8);
    }
  });
});

describe('a run that was kept', () => {
  const city = randomCity('dense', 400, 9);
  const index = indexOf(...city.helpers);
  const { request, moment } = randomRequest(city, 1);
  const open = { ...request, requiredSkills: [], genderWish: null, languages: [] } as const;
  const ranking = index.rank(open, moment, { limit: 200, seed: 4 });
  const stored = JSON.stringify(recordRun('run1', index, open, moment, ranking));

  it('gives the same result from its record alone, after a round trip through JSON', () => {
    expect(ranking.ranked.length).to.be.above(5);
    expect(replayRun(JSON.parse(stored) as MatchingRun).kind).to.equal('same');
  });

  it('shows where it differs when something was changed', () => {
    const changed = JSON.parse(stored) as MatchingRun;
    const considered = changed.considered.map((one, at) => (at === 2 ? { ...one, openOffers: 9 } : one));
    expect(replayRun({ ...changed, considered })).to.include({ kind: 'different', firstDifference: 2 });
    expect(replayRun({ ...changed, digest: 'x' })).to.include({ kind: 'different' });
    const older = { ...changed, versions: { ...changed.versions, weights: 'weights-0' } };
    expect(replayRun(older)).to.deep.include({ kind: 'other_version', differs: ['weights'] });
  });

  it('is not kept when it ranked more than 200', () => {
    const many = indexOf(...Array.from({ length: 201 }, (_, no) => plainHelper(`h${no}`, PLACE)));
    const all = many.rank(plainRequest(PLACE), MOMENT, { limit: 300, seed: 1 });
    expect(() => recordRun('run', many, plainRequest(PLACE), MOMENT, all))
      .to.throw(MatchingInputError)
      .with.property('field', 'ranking');
  });

  it('has a digest that is SHA-256', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256('abc')).to.equal(abc);
    expect(sha256('')).to.match(/^e3b0c442/);
    expect(sha256('邻里'.repeat(40))).to.have.length(64);
    expect(ranking.digest).to.match(/^[0-9a-f]{64}$/);
  });
});

describe('bad input', () => {
  const cases: readonly (readonly [string, Partial<Helper>])[] = [
    ['point[0]', { point: [NaN, 0] }],
    ['point[1]', { point: [0, 91] }],
    ['radiusMetres', { radiusMetres: -1 }],
    ['weekly[0].to', { weekly: [{ from: 10, to: 10 }] }],
    ['activeTasks', { activeTasks: -1 }],
    [
      'skills',
      {
        skills: Array.from({ length: 10_000 }, (_, no) => ({ skillId: `s${no}`, level: 1, verified: true })),
      },
    ],
    [
      'skills',
      {
        skills: [
          { skillId: 'a', level: 1, verified: true },
          { skillId: 'a', level: 2, verified: true },
        ],
      },
    ],
    ['skills[0].level', { skills: [{ skillId: 'a', level: 4 as 3, verified: true }] }],
    ['history.offered', { history: { ...plainHelper('x', PLACE).history, offered: Infinity } }],
    ['reachability', { reachability: 2 }],
    ['helperId', { helperId: '' }],
  ];
  for (const [field, change] of cases) {
    it(`names ${field} and leaves the index as it was`, () => {
      const index = indexOf(plainHelper('h', PLACE));
      const before = index.rank(plainRequest(PLACE), MOMENT, ASK);
      expect(() => index.put({ ...plainHelper('h', PLACE), ...change }))
        .to.throw(MatchingInputError)
        .with.property('field', field);
      expect(index.rank(plainRequest(PLACE), MOMENT, ASK)).to.deep.equal(before);
    });
  }

  it('names the field of a request, a moment, a load and a place', () => {
    const index = indexOf(plainHelper('h', PLACE));
    const field = (name: string, act: () => unknown): void => {
      expect(act).to.throw(MatchingInputError).with.property('field', name);
    };
    field('minutes', () => index.rank({ ...plainRequest(PLACE), minutes: 0 }, MOMENT, ASK));
    field('point[0]', () => index.rank(plainRequest([181, 0]), MOMENT, ASK));
    field('moment.now', () => index.rank(plainRequest(PLACE), { ...MOMENT, now: NaN }, ASK));
    field('limit', () => index.rank(plainRequest(PLACE), MOMENT, { limit: -1, seed: 1 }));
    field('activeTasks', () => index.setLoad('h', { activeTasks: 0.5 }));
    field('withinMetres', () => index.nearest('s', PLACE, { limit: 1, withinMetres: NaN }));
    expect(index.setLoad('nobody', { isOnDuty: false })).to.equal(false);
  });
});
