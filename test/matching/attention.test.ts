import { expect } from 'chai';
import { solveExAnte } from '../../scripts/bench/ex-ante-program.ts';
import { gini, playPolicy, randomInstance } from '../../src/matching/attention-model.ts';
import {
  attentionPrices,
  beliefWaves,
  fixedOrderWaves,
  notifyAll,
  sparseNotification,
} from '../../src/matching/attention-policies.ts';

const HAZARDS = [0.02, 0.05, 0.1, 0.3];

describe('the notification model of Manshadi and Rodilitz', function () {
  this.timeout(120_000);

  it('keeps the guarantee of SN on 100 instances, and ours does more with no more alerts', async () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const hazard = HAZARDS[seed % HAZARDS.length]!;
      const instance = randomInstance({ volunteers: 20 + (seed % 30), types: 3 + (seed % 5), hazard }, seed);
      const program = await solveExAnte(instance);
      const sparse = playPolicy(instance, sparseNotification(instance, program.x), 2500, seed);
      const guarantee = (1 - 1 / Math.E) / (2 - hazard);
      expect(sparse.done, `SN, seed ${seed}`).to.be.at.least(guarantee * program.value);
      const ours = playPolicy(
        instance,
        beliefWaves({
          size: 1,
          most: 15,
          fairness: 0.5,
          prices: attentionPrices(instance, 0.35),
          alertsPerAccept: sparse.alertsPerAccept,
        }),
        2500,
        seed,
      );
      expect(ours.done, `ours, seed ${seed}`).to.be.at.least(sparse.done);
      expect(ours.alertsPerAccept, `ours, seed ${seed}`).to.be.at.most(sparse.alertsPerAccept);
      expect(ours.done, `bound, seed ${seed}`).to.be.at.most(program.value + 0.05);
    }
  });

  it('does far more with far fewer alerts where attention is scarce', async () => {
    const instance = randomInstance({ volunteers: 200, types: 12, hazard: 0.02 }, 1);
    const all = playPolicy(instance, notifyAll, 2000, 1);
    const ours = playPolicy(instance, beliefWaves({ size: 2, most: 15, fairness: 0.5 }), 2000, 1);
    expect(ours.done / all.done).to.be.at.least(1.35);
    expect(ours.alertsPerAccept / all.alertsPerAccept).to.be.at.most(1 / 5);
    expect(ours.done / (await solveExAnte(instance)).value).to.be.at.least(0.82);
    expect(ours.alertsPerAccept).to.be.at.most(10);
  });

  it('reaches everybody with six tenths of the alerts, shared fairly, where attention is ample', () => {
    const instance = randomInstance({ volunteers: 200, types: 12, hazard: 0.1 }, 2);
    const plain = playPolicy(instance, fixedOrderWaves(5, 6), 2000, 2);
    const ours = playPolicy(instance, beliefWaves({ size: 2, most: 15, fairness: 0.5 }), 2000, 2);
    expect(ours.done).to.be.at.least(plain.done);
    expect(ours.alertsPerAccept).to.be.at.most(0.6 * plain.alertsPerAccept);
    expect(ours.loadGini).to.be.at.most(0.4);
  });

  it('measures inequality by the Gini coefficient', () => {
    expect(gini([1, 1, 1, 1])).to.be.closeTo(0, 1e-12);
    expect(gini([0, 0, 0, 1])).to.be.closeTo(0.75, 1e-12);
    expect(gini([])).to.equal(0);
  });
});
