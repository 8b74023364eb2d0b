import { expect } from 'chai';
import { assignBatch, assignBatchInSteps, type BatchRequest } from '../../src/matching/batch-assignment.ts';
import { MatchingInputError } from '../../src/matching/matching-error.ts';
import { createMatchingIndex } from '../../src/matching/matching-index.ts';
import type { Helper, RankedHelper } from '../../src/matching/match-types.ts';
import { NOW, plainHelper, plainRequest } from './support/random-city.ts';

const PLACE = [87.6, 43.8] as const;
const MOMENT = { now: NOW, weekMinute: 2 * 1440 + 600 };
const ASK = { limit: 10, seed: 1 };

function indexOf(helper: Helper): ReturnType<typeof createMatchingIndex> {
  const index = createMatchingIndex();
  index.put(helper);
  return index;
}

describe('a batch', () => {
  const candidate = (helperId: string, order: number): RankedHelper => ({
    ...indexOf(plainHelper(helperId, PLACE)).rank(plainRequest(PLACE), MOMENT, ASK).ranked[0]!,
    order,
  });
  const request = (
    requestId: string,
    candidates: RankedHelper[],
    more: Partial<BatchRequest> = {},
  ): BatchRequest => ({
    requestId,
    urgency: 'normal',
    slotsFree: 1,
    allOrNone: false,
    candidates,
    offeredTo: [],
    ...more,
  });
  const nobody = { taken: new Set<string>() };

  it('serves more requests than each one choosing its best', () => {
    const result = assignBatch(
      [request('a', [candidate('x', 0.9), candidate('y', 0.8)]), request('b', [candidate('x', 0.5)])],
      nobody,
    );
    expect(result.pairs.map((one) => [one.requestId, one.helperId])).to.deep.equal([
      ['a', 'y'],
      ['b', 'x'],
    ]);
    expect(result.gap).to.be.within(0, 1 - 1e-9);
  });

  it('keeps an open offer unless a change is worth it, and leaves out who has promised', () => {
    const both = [candidate('x', 0.5), candidate('y', 0.51)];
    const kept = assignBatch([request('a', both, { offeredTo: ['x'] })], nobody);
    expect(kept.pairs[0]?.helperId).to.equal('x');
    const moved = assignBatch([request('a', [both[0]!, candidate('y', 0.6)], { offeredTo: ['x'] })], nobody);
    expect(moved.pairs[0]?.helperId).to.equal('y');
    const without = assignBatch([request('a', both)], { taken: new Set(['x', 'y']) });
    expect(without).to.deep.include({ pairs: [], alone: ['a'] });
  });

  it('fills several places with different helpers, and sends all-or-none to staff', () => {
    const three = [candidate('x', 0.9), candidate('y', 0.8), candidate('z', 0.7)];
    const result = assignBatch(
      [request('two', three, { slotsFree: 2 }), request('group', three, { slotsFree: 3, allOrNone: true })],
      nobody,
    );
    expect(result.pairs.map((one) => one.helperId).sort()).to.deep.equal(['x', 'y']);
    expect(result.forStaff).to.deep.equal([{ requestId: 'group', helperIds: ['x', 'y', 'z'] }]);
    expect(() => assignBatch([request('a', []), request('a', [])], nobody)).to.throw(MatchingInputError);
  });

  it('finds one helper per place when the places want different skills, nobody twice', () => {
    const both = candidate('both', 0.9);
    const result = assignBatch(
      [
        request('r', [], {
          slotsFree: 2,
          candidatesByPlace: [[both, candidate('carries', 0.5)], [both]],
        }),
      ],
      nobody,
    );
    expect(result.pairs.map((one) => one.helperId)).to.deep.equal(['carries', 'both']);
    expect(result.gap).to.be.within(0, 1 - 1e-9);
  });

  it('stops on the way when it is large, and comes to the same end', () => {
    const people = Array.from({ length: 40 }, (_, no) => candidate(`h${no}`, 0.1 + ((no * 37) % 89) / 100));
    const many = Array.from({ length: 300 }, (_, no) =>
      request(`r${no}`, [...people.slice(no % 20), ...people.slice(0, no % 20)]),
    );
    const steps = assignBatchInSteps(many, nobody);
    let stops = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) stops += 1;
    expect(stops).to.be.above(1);
    expect(step.value).to.deep.equal(assignBatch(many, nobody));
  });
});
