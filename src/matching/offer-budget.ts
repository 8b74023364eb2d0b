/** A token bucket of offers: how many may still be sent to one helper, counted at a moment. */
export interface OfferBudget {
  readonly tokens: number;
  readonly at: number;
}

/** Capacity and refill of a bucket. */
export interface BudgetRule {
  readonly capacity: number;
  readonly tokensPerDay: number;
}

/** Two offers in a row at most, three a day in the long run; below the hard cap of six a day. */
export const OFFER_BUDGET: BudgetRule = { capacity: 2, tokensPerDay: 3 };

const DAY = 86_400_000;

export function fullBudget(now: number, rule: BudgetRule = OFFER_BUDGET): OfferBudget {
  return { tokens: rule.capacity, at: now };
}

/** The bucket now: refilled with time, never above its capacity; a clock that runs back refills nothing. */
export function refilled(budget: OfferBudget, now: number, rule: BudgetRule = OFFER_BUDGET): OfferBudget {
  const days = Math.max(0, now - budget.at) / DAY;
  const tokens = Math.min(rule.capacity, budget.tokens + days * rule.tokensPerDay);
  return { tokens, at: Math.max(now, budget.at) };
}

/** The bucket after an offer. May go below 0 for critical offers, which never wait for a token. */
export function afterOffer(budget: OfferBudget, now: number, rule: BudgetRule = OFFER_BUDGET): OfferBudget {
  const full = refilled(budget, now, rule);
  return { tokens: full.tokens - 1, at: full.at };
}

/**
 * From when on the next offer may be sent (milliseconds): the value for `Helper.nextOfferNotBefore`, together
 * with the cool-down. Its rate is the capacity row of the ex-ante program of Manshadi and Rodilitz (EC'20).
 */
export function nextTokenAt(budget: OfferBudget, rule: BudgetRule = OFFER_BUDGET): number {
  if (budget.tokens >= 1) return budget.at;
  return budget.at + ((1 - budget.tokens) / rule.tokensPerDay) * DAY;
}
