import { expect } from 'chai';
import * as fc from 'fast-check';
import { createFoundHelpers, recordsOf } from '../../src/matching/found-helpers.ts';
import { createMatchingIndex, type MatchingIndexOptions } from '../../src/matching/matching-index.ts';
import type { Helper } from '../../src/matching/match-types.ts';
import { MatchingInputError } from '../../src/matching/matching-error.ts';
import { fullScan } from './support/full-scan-oracle.ts';
import {
  LAYOUTS,
  NOW,
  plainHelper,
  plainRequest,
  randomCity,
  randomHelper,
  randomRequest,
  type Layout,
} from './support/random-city.ts';

interface Case {
  readonly layout: Layout;
  readonly count: number;
  readonly seed: number;
  readonly limit: number;
  readonly options?: MatchingIndexOptions;
}

/** Loads a city, asks a few requests, changes helpers between them, and compares every answer. */
function checkCase({ layout, count, seed, limit, options = {} }: Case, asks: number): void {
  const city = randomCity(layout, count, seed);
  const index = createMatchingIndex(options);
  const alive = new Map<string, Helper>();
  for (const helper of city.helpers) {
    index.put(helper);
    alive.set(helper.helperId, helper);
  }
  for (let no = 0; no < asks; no += 1) {
    const { request, moment } = randomRequest(city, no);
    const expected = fullScan(alive.values(), request, moment, limit, seed);
    if (!expected.isAmbiguous) {
      const ranking = index.rank(request, moment, { limit, seed });
      const name = `${layout}, ${count} helpers, seed ${seed}, request ${no}`;
      expect(
        ranking.ranked.map((one) => one.helperId),
        name,
      ).to.deep.equal(expected.ids);
      expect(
        ranking.ranked.map((one) => one.score),
        name,
      ).to.deep.equal(expected.scores);
      expect(ranking.eligibleCount, name).to.equal(expected.eligibleCount);
      expect(ranking.refusedCounts, name).to.deep.equal(expected.refusedCounts);
    }
    for (let change = 0; change < 12 && city.helpers.length > 0; change += 1) changeSomebody(no, change);
  }

  function changeSomebody(no: number, change: number): void {
    const helper = city.helpers[Math.floor(city.random() * city.helpers.length)]!;
    const kind = city.random();
    const now = alive.get(helper.helperId);
    if (kind < 0.15) {
      index.remove(helper.helperId);
      alive.delete(helper.helperId);
    } else if (kind < 0.4 && now !== undefined) {
      const load = { isOnDuty: city.random() < 0.7, activeTasks: Math.floor(city.random() * 3) };
      index.setLoad(helper.helperId, load);
      alive.set(helper.helperId, { ...now, ...load });
    } else {
      const isNew = kind > 0.9;
      const id = isNew ? `new${no}-${change}` : helper.helperId;
      const fresh = randomHelper(id, layout, city.random);
      const stays = now !== undefined && !isNew && city.random() < 0.5;
      const changed = stays ? { ...fresh, point: now.point } : fresh;
      index.put(changed);
      alive.set(id, changed);
    }
  }
}

describe('the matching index', () => {
  for (const layout of LAYOUTS) {
    it(`gives the list of the full scan, bit by bit: ${layout}`, () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 400 }),
          fc.integer(),
          fc.integer({ min: 0, max: 40 }),
          (count, seed, limit) => checkCase({ layout, count, seed, limit }, 6),
        ),
        { numRuns: 40 },
      );
    }).timeout(60_000);
  }

  it('stays exact while rebuilds go on in slices between changes', () => {
    const options = { membersAtOnce: 0, unitsPerChange: 40, unitsPerQuery: 300 };
    fc.assert(
      fc.property(fc.constantFrom(...LAYOUTS), fc.integer(), (layout, seed) =>
        checkCase({ layout, count: 700, seed, limit: 20, options }, 24),
      ),
      { numRuns: 8 },
    );
  }).timeout(60_000);

  it('finds who became the best a moment ago, far from the others', () => {
    const index = createMatchingIndex();
    const tired = { ...plainHelper('x', [87.6, 43.8]).history, minutesLast28Days: 3000, promised: 20 };
    for (let no = 0; no < 400; no += 1) {
      const point = [87.6 + (no % 20) * 1e-4, 43.8 + Math.floor(no / 20) * 1e-4] as const;
      index.put({ ...plainHelper(`h${no}`, point), history: tired });
    }
    index.put({ ...plainHelper('far', [87.6, 43.815]), history: tired });
    const request = plainRequest([87.6, 43.8]);
    const ask = (): string | undefined =>
      index.best(request, { now: NOW, weekMinute: 600 }, { limit: 1, seed: 1 })[0]?.helperId;
    expect(ask()).not.to.equal('far');
    index.put(plainHelper('far', [87.6, 43.815]));
    expect(ask()).to.equal('far');
    index.put({ ...plainHelper('far', [87.6, 43.815]), isOnDuty: false });
    expect(ask()).not.to.equal('far');
    index.setLoad('far', { isOnDuty: true });
    expect(ask()).to.equal('far');
  });

  it('answers into a list that is reused, the same as into records of its own', () => {
    const city = randomCity('dense', 600, 5);
    const index = createMatchingIndex();
    for (const helper of city.helpers) index.put(helper);
    const found = createFoundHelpers(30);
    for (let no = 0; no < 40; no += 1) {
      const { request, moment } = randomRequest(city, no);
      const options = { limit: no % 31, seed: no };
      index.bestInto(request, moment, options, found);
      expect(recordsOf(found)).to.deep.equal(index.best(request, moment, options));
      const around = { limit: no % 31, withinMetres: 200 * no };
      index.nearestInto('skill0', request.point, around, found);
      expect(recordsOf(found).map(({ helperId, metres }) => ({ helperId, metres }))).to.deep.equal(
        index.nearest('skill0', request.point, around),
      );
    }
    const tooMany = { limit: 31, seed: 1, withinMetres: 1 };
    const { request, moment } = randomRequest(city, 99);
    for (const ask of [
      () => index.bestInto(request, moment, tooMany, found),
      () => index.nearestInto('skill0', request.point, tooMany, found),
    ]) {
      expect(ask).to.throw(MatchingInputError).with.property('field', 'limit');
    }
  });
});
