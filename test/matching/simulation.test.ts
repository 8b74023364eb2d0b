import { expect } from 'chai';
import { bootstrap } from '../../scripts/simulation/bootstrap.ts';
import { MEASURES, reportPage } from '../../scripts/simulation/report-page.ts';
import { aboutWords } from '../../scripts/simulation/report-words.ts';
import { offlineBound } from '../../src/matching/sim-bound.ts';
import { nearestBroadcast, ours, oursWithBatch, SIM_POLICIES } from '../../src/matching/sim-policies.ts';
import { simulate } from '../../src/matching/sim-run.ts';
import { createWorld } from '../../src/matching/sim-world.ts';

describe('the simulated neighbourhood', function () {
  this.timeout(60_000);
  const world = createWorld(3, { helpers: 500, days: 5, requestsPerDay: 20 });

  it('breaks no hard constraint and never beats the offline optimum, under any policy', () => {
    const bound = offlineBound(world);
    expect(bound).to.be.within(0.5, 1);
    for (const policy of SIM_POLICIES) {
      const result = simulate(world, policy);
      expect(result.violations, policy.name).to.equal(0);
      expect(result.slotFill, policy.name).to.be.within(0, bound + 1e-9);
      expect(result.requests).to.equal(world.requests.length);
    }
  });

  it('gives the same result for the same seed', () => {
    expect(simulate(world, oursWithBatch)).to.deep.equal(simulate(world, oursWithBatch));
    const again = JSON.stringify(createWorld(3, { helpers: 50 }));
    expect(JSON.stringify(createWorld(3, { helpers: 50 })) === again).to.equal(true);
  });

  it('is served no worse by our waves than by a broadcast, with a third of the alerts', () => {
    const broadcast = simulate(world, nearestBroadcast);
    const waves = simulate(world, ours);
    expect(waves.matchRate).to.be.at.least(broadcast.matchRate);
    expect(waves.alertsPerAccept).to.be.at.most(broadcast.alertsPerAccept / 3);
    expect(waves.alertGini).to.be.below(broadcast.alertGini);
  });

  it('puts an interval around a mean', () => {
    const clear = bootstrap([3, 4, 5, 4, 3, 5, 4]);
    expect(clear.low).to.be.above(2.9);
    expect(clear.high).to.be.below(5.1);
    expect(bootstrap([1, 1, 1])).to.deep.equal({ mean: 1, low: 1, high: 1 });
  });

  it('reports on one page in three languages, without scripts or outside files', () => {
    const byPolicy = new Map(
      [nearestBroadcast, ours].map((policy) => [policy.name, [simulate(world, policy)]]),
    );
    const interval = { mean: 0.1, low: 0.05, high: 0.2 };
    const page = reportPage({
      about: aboutWords(1, { helpers: 500, days: 5, requestsPerDay: 20 }, 0.9),
      byPolicy,
      differences: new Map([[ours.name, new Map(MEASURES.map((one) => [one.name.en, interval]))]]),
      baseline: nearestBroadcast.name,
    });
    for (const { name, note } of MEASURES) {
      for (const words of [name, note]) {
        expect(new Set([words.en, words.zh, words.ug]).size, words.en).to.equal(3);
        for (const text of [words.en, words.zh, words.ug]) expect(page).to.include(`>${text}</span>`);
      }
    }
    expect(page).not.to.match(/<script|src=|https?:/);
    expect(page).to.include('class="good"').and.to.include('class="bad"');
  });
});
