import { expect } from 'chai';
import { presentCandidates } from '../../src/help-requests/candidates-presenter.ts';
import type { MatchRecord } from '../../src/matches/match-record.ts';
import type { RankedHelper } from '../../src/matching/match-types.ts';
import { NOON, oneInEachState } from './sample-request.ts';

const parts = { skillAndLanguage: 0, near: 0, free: 0, keepsPromises: 0, fairTurn: 0 };

function ranked(helperId: string, score: number): RankedHelper {
  return { helperId, score, metres: 100, parts, reasons: [], acceptance: 0.5, attention: 0.5, order: 0 };
}

function asked(helperId: string, score: number): MatchRecord {
  return {
    _id: `match-${helperId}`,
    communityId: 'court',
    requestId: 'request',
    helperId,
    waveNo: 1,
    source: 'engine',
    status: 'notified',
    offeredAt: NOON,
    answerBy: NOON,
    proposedStartsAt: NOON,
    seenAt: null,
    answeredAt: null,
    metres: 100,
    score,
    parts,
    reasons: [],
    acceptance: 0.5,
    attention: 0.5,
    reached: true,
    helpedBefore: false,
  };
}

describe('the candidates of a request', () => {
  it('stand in the order of their score, whether they were asked or not', () => {
    const { candidates } = presentCandidates({
      request: oneInEachState().open,
      ranking: {
        requestId: 'request',
        ranked: [ranked('best', 92), ranked('tie-not-asked', 70), ranked('last', 10)],
        eligibleCount: 3,
        refusedCounts: {},
        versions: { engine: '1', coefficients: '1', weights: '1' },
        seed: 1,
        digest: '',
      },
      plan: { kind: 'stop', reason: 'waves_used_up' },
      matches: [asked('low', 40), asked('tie-asked', 70)],
      names: new Map(),
    });
    expect(candidates.map(({ helperId }) => helperId)).to.deep.equal([
      'best',
      'tie-asked',
      'tie-not-asked',
      'low',
      'last',
    ]);
  });
});
