import { expect } from 'chai';
import {
  acceptanceChance,
  attentionBelief,
  attentionHazard,
  type OfferFeatures,
} from '../../src/matching/acceptance.ts';
import { ACCEPTANCE } from '../../src/matching/acceptance-coefficients.ts';
import { areaBoosts } from '../../src/matching/area-floors.ts';
import { browseOrder } from '../../src/matching/browse-order.ts';
import { calibrateAcceptance } from '../../src/matching/calibrate-acceptance.ts';
import { afterEvent, NEW_HISTORY } from '../../src/matching/helper-events.ts';
import { afterOffer, fullBudget, nextTokenAt, refilled } from '../../src/matching/offer-budget.ts';
import { seededRandom } from '../../src/matching/seeded-hash.ts';
import { NOW } from './support/random-city.ts';

const HOUR = 3_600_000;
const FEATURES: OfferFeatures = {
  metres: 300,
  level: 1,
  helpedBefore: false,
  urgency: 'normal',
  weekMinute: 600,
  now: NOW,
};

describe('the chance that a helper accepts', () => {
  const experienced = { ...NEW_HISTORY, offered: 40, lapsed: 40 };

  it('learns from answers, and is hopeful about newcomers', () => {
    const eager = { ...NEW_HISTORY, offered: 40, accepted: 35, declined: 5 };
    const newcomer = acceptanceChance(NEW_HISTORY, FEATURES, true);
    expect(acceptanceChance(eager, FEATURES, true)).to.be.above(0.7);
    expect(acceptanceChance(experienced, FEATURES, true)).to.be.below(0.15);
    expect(newcomer).to.be.within(0.3, 0.6);
  });

  it('holds a decline no worse than silence', () => {
    const declining = { ...NEW_HISTORY, offered: 10, declined: 10 };
    const silent = { ...NEW_HISTORY, offered: 10, lapsed: 10 };
    expect(acceptanceChance(declining, FEATURES, true)).to.equal(acceptanceChance(silent, FEATURES, true));
    expect(attentionHazard(declining)).to.be.above(attentionHazard(silent));
  });

  it('falls with the way, rises with acquaintance and skill, stays within its bounds', () => {
    const far = acceptanceChance(NEW_HISTORY, { ...FEATURES, metres: 4000 }, true);
    const known = acceptanceChance(NEW_HISTORY, { ...FEATURES, helpedBefore: true }, true);
    const usual = acceptanceChance(NEW_HISTORY, FEATURES, true);
    expect([far, usual, known]).to.deep.equal([far, usual, known].toSorted((a, b) => a - b));
    const worst = { ...NEW_HISTORY, offered: 1e6, lapsed: 1e6, lastSeenAt: 0 };
    expect(acceptanceChance(worst, { ...FEATURES, metres: 1e7, weekMinute: 0 }, true)).to.equal(
      ACCEPTANCE.floor,
    );
    const best = { ...NEW_HISTORY, offered: 1e6, accepted: 1e6 };
    expect(acceptanceChance(best, { ...FEATURES, helpedBefore: true }, true)).to.equal(ACCEPTANCE.ceiling);
  });

  it('looks at nobody’s history who switched ranking off', () => {
    expect(acceptanceChance(experienced, FEATURES, false)).to.equal(
      acceptanceChance(NEW_HISTORY, FEATURES, true),
    );
  });
});

describe('the belief that a helper pays attention', () => {
  it('is gone with an offer, comes back with the hours, at once with a look', () => {
    const told = afterEvent(NEW_HISTORY, { kind: 'offered', at: NOW });
    const after = (hours: number): number => attentionBelief(told, NOW + hours * HOUR, 1, true);
    expect(attentionBelief(NEW_HISTORY, NOW, 1, true)).to.equal(1);
    expect(after(0)).to.equal(ACCEPTANCE.attention.floor);
    expect(after(10)).to.be.closeTo(1 - (1 - attentionHazard(told)) ** 10, 1e-12);
    expect(after(24)).to.be.above(after(10));
    const looked = afterEvent(told, { kind: 'seen', at: NOW + HOUR });
    expect(attentionBelief(looked, NOW + HOUR, 1, true)).to.equal(1);
    expect(attentionBelief(told, NOW, 0.5, false)).to.equal(0.5);
  });

  it('counts every event once and never sets a clock back', () => {
    let history = NEW_HISTORY;
    for (const kind of ['offered', 'seen', 'accepted', 'promise_kept', 'offered', 'declined'] as const) {
      history = afterEvent(history, { kind, at: NOW });
    }
    history = afterEvent(history, { kind: 'lapsed', at: NOW });
    history = afterEvent(history, { kind: 'promise_broken', at: NOW });
    history = afterEvent(history, { kind: 'seen', at: NOW - HOUR });
    const counts = {
      offered: 2,
      accepted: 1,
      declined: 1,
      lapsed: 1,
      promised: 2,
      kept: 1,
      offersLast7Days: 2,
    };
    expect(history).to.include({ ...counts, lastSeenAt: NOW, lastOfferedAt: NOW });
  });
});

describe('calibration', () => {
  it('finds the shift between what was said and what happened', () => {
    const random = seededRandom(7);
    const samples = Array.from({ length: 4000 }, () => {
      const odds = (random() - 0.5) * 4;
      const truth = 1 / (1 + Math.exp(-(0.6 * odds - 0.5)));
      return { predicted: 1 / (1 + Math.exp(-odds)), accepted: random() < truth };
    });
    const fit = calibrateAcceptance(samples);
    expect(fit.slope).to.be.closeTo(0.6, 0.1);
    expect(fit.intercept).to.be.closeTo(-0.5, 0.1);
    expect(fit.lossAfter).to.be.below(fit.lossBefore);
  });

  it('moves nothing without samples and stays finite on hopeless ones', () => {
    expect(calibrateAcceptance([])).to.include({ intercept: 0, slope: 1 });
    const odd = calibrateAcceptance(Array.from({ length: 50 }, () => ({ predicted: 0, accepted: true })));
    expect(Number.isFinite(odd.intercept) && Number.isFinite(odd.slope)).to.equal(true);
  });
});

describe('fairness around the ranking', () => {
  it('lifts areas under half of their share, never above three times', () => {
    const boosts = areaBoosts([
      { areaId: 'loud', offers: 90, helpersOnDuty: 10 },
      { areaId: 'quiet', offers: 10, helpersOnDuty: 10 },
      { areaId: 'silent', offers: 0, helpersOnDuty: 10 },
      { areaId: 'empty', offers: 0, helpersOnDuty: 0 },
    ]);
    expect(boosts['loud']).to.equal(1);
    expect(boosts['quiet']).to.be.closeTo(100 / 6 / 10, 1e-9);
    expect(boosts['silent']).to.equal(3);
    expect(boosts).to.not.have.property('empty');
    expect(areaBoosts([{ areaId: 'new', offers: 0, helpersOnDuty: 3 }])).to.deep.equal({ new: 1 });
  });

  it('lets a request sink on the board with each connection beyond its slots', () => {
    const item = (requestId: string, relevance: number, connections: number) => ({
      requestId,
      relevance,
      connections,
      slotsFree: 1,
    });
    const order = browseOrder([item('popular', 0.9, 3), item('plain', 0.6, 0), item('same', 0.6, 0)]);
    expect(order.map((one) => one.requestId)).to.deep.equal(['plain', 'same', 'popular']);
  });

  it('gives a helper two offers in a row and then three a day', () => {
    let budget = fullBudget(NOW);
    budget = afterOffer(afterOffer(budget, NOW), NOW);
    expect(nextTokenAt(budget)).to.equal(NOW + 8 * HOUR);
    expect(refilled(budget, NOW + 8 * HOUR).tokens).to.be.closeTo(1, 1e-9);
    expect(refilled(budget, NOW + 1000 * HOUR).tokens).to.equal(2);
    expect(refilled(budget, NOW - HOUR)).to.deep.equal(budget);
  });
});
