import { expect } from 'chai';
import * as fc from 'fast-check';
import type { RankedHelper, Ranking, WaveHistory } from '../../src/matching/match-types.ts';
import { chanceOf, chanceOfAtLeast, planWave } from '../../src/matching/wave-plan.ts';
import { waveRules } from '../../src/matching/wave-rules.ts';

const FIRST: WaveHistory = { wavesSent: 0, slotsFree: 1, openOffers: 0 };

function entry(no: number, chance: number, more: Partial<RankedHelper> = {}): RankedHelper {
  return {
    helperId: `h${no}`,
    metres: 100 * no,
    score: 50,
    parts: { skillAndLanguage: 10, near: 10, free: 10, keepsPromises: 10, fairTurn: 10 },
    reasons: [],
    acceptance: chance,
    attention: 1,
    order: chance * 0.5,
    householdId: null,
    areaId: 'area0',
    idleSince: null,
    ...more,
  };
}

function rankingOf(ranked: readonly RankedHelper[]): Ranking {
  return {
    requestId: 'r',
    ranked,
    eligibleCount: ranked.length,
    refusedCounts: {},
    versions: { engine: 'e', coefficients: 'c', weights: 'w' },
    seed: 1,
    digest: '',
  };
}

function idsOf(plan: ReturnType<typeof planWave>): readonly string[] {
  return plan.kind === 'wave' ? plan.helpers.map((one) => one.helperId) : [];
}

describe('a wave', () => {
  it('tells as few as reach the target, within the sizes of the urgency', () => {
    const likely = rankingOf(Array.from({ length: 12 }, (_, no) => entry(no, 0.9)));
    const unlikely = rankingOf(Array.from({ length: 12 }, (_, no) => entry(no, 0.1)));
    expect(idsOf(planWave(likely, FIRST, 'critical'))).to.have.length(3);
    expect(idsOf(planWave(unlikely, FIRST, 'critical'))).to.have.length(8);
    expect(idsOf(planWave(unlikely, FIRST, 'high'))).to.have.length(5);
    expect(idsOf(planWave(unlikely, FIRST, 'normal'))).to.have.length(3);
    expect(idsOf(planWave(likely, FIRST, 'low'))).to.have.length(2);
  });

  it('takes the best by chance and usefulness first and keeps the next as reserve', () => {
    const plan = planWave(rankingOf([0.2, 0.5, 0.3, 0.9, 0.4].map((p, no) => entry(no, p))), FIRST, 'normal');
    expect(idsOf(plan)).to.deep.equal(['h3', 'h1', 'h4']);
    expect(plan.kind === 'wave' && plan.reserve.map((one) => one.helperId)).to.deep.equal(['h2', 'h0']);
    expect(plan).to.include({ waveNo: 1, waitMs: 12 * 60_000 });
    expect(plan.kind === 'wave' && plan.expectedAcceptance).to.be.closeTo(1 - 0.1 * 0.5 * 0.6, 1e-12);
  });

  it('goes round: whose turn it is comes before who had it, unless the other is far likelier', () => {
    const turn = (fairTurn: number): Partial<RankedHelper> => ({
      parts: { skillAndLanguage: 10, near: 10, free: 10, keepsPromises: 10, fairTurn },
    });
    const ranked = [entry(0, 0.5, turn(8)), entry(1, 0.45, turn(15)), entry(2, 0.2, turn(15))];
    const crowd = [3, 4, 5].map((no) => entry(no, 0.06, turn(15)));
    expect(idsOf(planWave(rankingOf([...ranked, ...crowd]), FIRST, 'normal'))).to.deep.equal([
      'h1',
      'h2',
      'h0',
    ]);
    const likelier = [entry(0, 0.9, turn(13)), entry(1, 0.45, turn(15)), ...crowd];
    expect(idsOf(planWave(rankingOf(likelier), FIRST, 'normal'))[0]).to.equal('h0');
  });

  it('goes to one helper per household, and to none whose household knows already', () => {
    const same = { householdId: 'one' };
    const ranked = [
      entry(0, 0.9, same),
      entry(1, 0.8, same),
      entry(2, 0.7),
      entry(3, 0.6, { householdId: 'told' }),
    ];
    const plan = planWave(rankingOf(ranked), FIRST, 'high', { householdsTold: ['told'] });
    expect(idsOf(plan)).to.deep.equal(['h0', 'h2']);
  });

  it('disturbs nobody whose chance is under 0.05 and stops when nobody is above', () => {
    const ranked = [entry(0, 0.06), entry(1, 0.049), entry(2, 0.9, { attention: 0.05 })];
    expect(idsOf(planWave(rankingOf(ranked), FIRST, 'high'))).to.deep.equal(['h0']);
    const hopeless = planWave(rankingOf(ranked.slice(1)), { ...FIRST, wavesSent: 1 }, 'high');
    expect(hopeless).to.deep.equal({ kind: 'stop', reason: 'chance_too_small' });
    expect(planWave(rankingOf([]), FIRST, 'low')).to.deep.equal({ kind: 'stop', reason: 'nobody_eligible' });
  });

  it('still asks the best there are in the first wave, however small their chance', () => {
    const ranked = [entry(0, 0.03), entry(1, 0.04)];
    expect(planWave(rankingOf(ranked), FIRST, 'normal').kind).to.equal('wave');
  });

  it('for a critical request reaches everybody after two waves, once', () => {
    const ranked = Array.from({ length: 40 }, (_, no) => entry(no, 0.02));
    const ring = planWave(rankingOf(ranked), { ...FIRST, wavesSent: 2 }, 'critical');
    expect(idsOf(ring)).to.have.length(40);
    const after = planWave(rankingOf(ranked), { ...FIRST, wavesSent: 3 }, 'critical');
    expect(after).to.deep.equal({ kind: 'stop', reason: 'waves_used_up' });
  });

  it('ends after the waves of the urgency', () => {
    const ranking = rankingOf([entry(0, 0.9)]);
    for (const urgency of ['high', 'normal', 'low'] as const) {
      const { waves } = waveRules[urgency];
      expect(planWave(ranking, { ...FIRST, wavesSent: waves - 1 }, urgency).kind).to.equal('wave');
      expect(planWave(ranking, { ...FIRST, wavesSent: waves }, urgency).kind).to.equal('stop');
    }
  });

  it('keeps a place for the helper who has waited longest for an offer', () => {
    const ranked = [
      entry(0, 0.9),
      entry(1, 0.8),
      entry(2, 0.7),
      entry(3, 0.3, { idleSince: 5 }),
      entry(4, 0.2, { idleSince: 4 }),
    ];
    expect(idsOf(planWave(rankingOf(ranked), FIRST, 'normal'))).to.deep.equal(['h0', 'h1', 'h4']);
  });

  it('lifts areas that got too few offers', () => {
    const ranked = [entry(0, 0.5), entry(1, 0.5), entry(2, 0.5), entry(3, 0.3, { areaId: 'quiet' })];
    const plan = planWave(rankingOf(ranked), FIRST, 'normal', { areaBoosts: { quiet: 3 } });
    expect(idsOf(plan)[0]).to.equal('h3');
  });

  it('is larger when several helpers are wanted', () => {
    const ranked = Array.from({ length: 20 }, (_, no) => entry(no, 0.3));
    expect(idsOf(planWave(rankingOf(ranked), { ...FIRST, slotsFree: 2 }, 'normal'))).to.have.length.above(3);
  });
});

describe('the chance that enough helpers accept', () => {
  it('is that of independent coins', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }), (chances) => {
        const helpers = chances.map((chance, no) => entry(no, chance));
        for (let wanted = 1; wanted <= 3; wanted += 1) {
          expect(chanceOfAtLeast(helpers, wanted)).to.be.closeTo(byEnumeration(chances, wanted), 1e-9);
        }
      }),
    );
    expect(chanceOf(entry(0, 0.5, { attention: 0.5 }))).to.equal(0.25);
  });
});

function byEnumeration(chances: readonly number[], wanted: number): number {
  let total = 0;
  for (let mask = 0; mask < 1 << chances.length; mask += 1) {
    let weight = 1;
    let count = 0;
    chances.forEach((chance, at) => {
      const accepts = ((mask >> at) & 1) === 1;
      weight *= accepts ? chance : 1 - chance;
      if (accepts) count += 1;
    });
    if (count >= wanted) total += weight;
  }
  return total;
}
