/**
 * Coefficients of the acceptance model, as data with a version. They are read by `acceptanceChance` and
 * `attentionBelief` and kept with every run. Sources: the prior mean and its range are the response rates of
 * 17-47 % of Khalemsky et al. (JMIR mHealth 2023); the belief of attention is the geometric inactivity of
 * Manshadi and Rodilitz (EC'20); the optimism follows the idea of PROOF (Shi et al., AAAI 2022).
 */
export const ACCEPTANCE = {
  version: 'acceptance-1',
  /** Beta prior of accepting an offer that is seen: mean and weight in offers. */
  prior: { mean: 0.32, offers: 6 },
  /** Added to the log-odds, per unit of the feature in its own unit. */
  logOdds: {
    perMinuteOfWay: -0.02,
    perSkillLevelAboveOne: 0.15,
    helpedBefore: 0.8,
    atNight: -0.7,
    perWeekUnseen: -0.1,
    critical: 0.5,
  },
  /** Metres a neighbour walks in a minute. */
  metresPerMinute: 75,
  /** The way counts up to this many minutes, weeks unseen up to this many weeks. */
  mostMinutesOfWay: 90,
  mostWeeksUnseen: 8,
  /** Optimism in log-odds for somebody who was never asked; falls with 1/sqrt(1 + offers). */
  optimism: 0.6,
  /** Night by the wall clock, minutes of the day: half-open, crosses midnight. */
  night: { from: 22 * 60, to: 7 * 60 },
  floor: 0.02,
  ceiling: 0.95,
  attention: {
    /** Hourly chance that somebody who was notified pays attention again, and the weight of that prior. */
    hazardPerHour: 0.08,
    priorOffers: 8,
    /** Share of offers that get an answer in the prior. */
    priorAnswered: 0.6,
    floorPerHour: 0.02,
    ceilingPerHour: 0.3,
    floor: 0.01,
  },
} as const;
