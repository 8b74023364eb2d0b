import { expect } from 'chai';
import { createMatchingIndex } from '../../src/matching/matching-index.ts';
import { MatchingInputError } from '../../src/matching/matching-error.ts';
import type { Helper, HelperLoad, MatchRequest, Moment, Point } from '../../src/matching/match-types.ts';
import { NOW, plainHelper, plainRequest } from './support/random-city.ts';

const PLACE = [87.6, 43.8] as const;
const MOMENT = { now: NOW, weekMinute: 600 };
const ASK = { limit: 5, seed: 1 };
const ODD: readonly unknown[] = [
  undefined,
  null,
  NaN,
  Infinity,
  -1,
  0.5,
  1e99,
  'x',
  '',
  'x'.repeat(300),
  true,
  10n,
  Symbol('odd'),
  {},
  [],
  [null],
  [undefined, undefined],
  [{}],
  [{ from: NaN, to: 2 }],
  { from: 5 },
];

type Path = readonly string[];

function pathsOf(value: object, before: Path = []): Path[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const path = [...before, key];
    return typeof inner === 'object' && inner !== null ? [path, ...pathsOf(inner, path)] : [path];
  });
}

function withOdd<Whole extends object>(whole: Whole, path: Path, odd: unknown): Whole {
  const copy = structuredClone(whole);
  let part = copy as unknown as Record<string, unknown>;
  for (const key of path.slice(0, -1)) part = part[key] as Record<string, unknown>;
  part[path.at(-1)!] = odd;
  return copy;
}

const HELPER: Helper = {
  ...plainHelper('h', PLACE),
  weekly: [{ from: 0, to: 10_080 }],
  quietHours: { from: 1320, to: 420 },
  householdId: 'home',
};
const REQUEST: MatchRequest = {
  ...plainRequest(PLACE),
  householdId: 'other',
  preferredSkills: ['skill1'],
  languages: ['zh'],
  excludedHelperIds: ['somebody'],
  helpedBeforeIds: ['h'],
};

describe('an odd value in any field', () => {
  const tried = (name: string, act: () => unknown): boolean => {
    try {
      act();
      return true;
    } catch (error) {
      expect(error, name).to.be.instanceOf(MatchingInputError);
      expect((error as MatchingInputError).field, name)
        .to.be.a('string')
        .and.not.equal('');
      return false;
    }
  };

  it('of a helper is taken as it is or refused by name, and a refusal changes nothing', () => {
    let refused = 0;
    for (const path of pathsOf(HELPER)) {
      for (const odd of ODD) {
        const index = createMatchingIndex();
        index.put(HELPER);
        if (tried(`helper.${path.join('.')}`, () => index.put(withOdd(HELPER, path, odd)))) continue;
        refused += 1;
        expect(index.get('h')).to.deep.equal(HELPER);
        expect(index.size).to.equal(1);
      }
    }
    expect(refused).to.be.above(500);
  });

  it('of a request is taken as it is or refused by name', () => {
    const index = createMatchingIndex();
    index.put(HELPER);
    for (const path of pathsOf(REQUEST)) {
      for (const odd of ODD) {
        tried(`request.${path.join('.')}`, () => index.rank(withOdd(REQUEST, path, odd), MOMENT, ASK));
      }
    }
    expect(index.rank(REQUEST, MOMENT, ASK).ranked).to.have.length(1);
  });

  it('instead of a whole record is refused by name', () => {
    const index = createMatchingIndex();
    index.put(HELPER);
    for (const odd of [undefined, null, NaN, 'x', 1]) {
      const acts: Readonly<Record<string, () => unknown>> = {
        helper: () => index.put(odd as unknown as Helper),
        request: () => index.rank(odd as unknown as MatchRequest, MOMENT, ASK),
        moment: () => index.rank(REQUEST, odd as unknown as Moment, ASK),
        options: () => index.rank(REQUEST, MOMENT, odd as unknown as typeof ASK),
        load: () => index.setLoad('h', odd as unknown as Partial<HelperLoad>),
        point: () => index.nearest('skill0', odd as unknown as Point, { limit: 1, withinMetres: 5 }),
      };
      for (const [field, act] of Object.entries(acts)) {
        expect(act, field).to.throw(MatchingInputError).with.property('field', field);
      }
    }
    expect(index.get('h')).to.deep.equal(HELPER);
  });
});
