import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../errors.ts';

interface LimitRule {
  readonly points: number;
  readonly seconds: number;
  readonly per: 'account' | 'address';
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Limits by name, for `Route.limit`. Failed sign-ins have their own, in `accounts/sign-in-throttle.ts`. Addresses are
 * generous, because a whole centre may share one.
 */
export const RATE_LIMITS = {
  general: { points: 300, seconds: MINUTE, per: 'account' },
  address: { points: 3_000, seconds: MINUTE, per: 'address' },
  createRequest: { points: 10, seconds: DAY, per: 'account' },
  /** "I can help" and accepting an offer. */
  claim: { points: 30, seconds: HOUR, per: 'account' },
  reveal: { points: 30, seconds: DAY, per: 'account' },
  search: { points: 60, seconds: MINUTE, per: 'account' },
  register: { points: 30, seconds: HOUR, per: 'address' },
  invite: { points: 100, seconds: DAY, per: 'account' },
  secondFactor: { points: 5, seconds: MINUTE, per: 'account' },
  confirm: { points: 10, seconds: MINUTE, per: 'account' },
  suggest: { points: 60, seconds: MINUTE, per: 'address' },
  setup: { points: 10, seconds: MINUTE, per: 'address' },
  clientErrors: { points: 30, seconds: MINUTE, per: 'address' },
} as const satisfies Record<string, LimitRule>;

export type LimitName = keyof typeof RATE_LIMITS;

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(RATE_LIMITS, name);
}

export interface RateLimits {
  /** Takes one point, writes the RateLimit headers, and throws `too-many-requests` when none is left. */
  take(
    name: LimitName,
    who: { readonly accountId: string | null; readonly address: string },
    response: Response,
  ): Promise<void>;
}

/**
 * Counts in memory: one process, lost on restart, which costs nobody anything. `factor` multiplies every limit; the
 * demo and tests that act as many people from one address raise it.
 */
export function createRateLimits({ factor }: { readonly factor: number }): RateLimits {
  const limiters = new Map<LimitName, RateLimiterMemory>();
  for (const name of Object.keys(RATE_LIMITS) as LimitName[]) {
    const rule: LimitRule = RATE_LIMITS[name];
    limiters.set(
      name,
      new RateLimiterMemory({ keyPrefix: name, points: rule.points * factor, duration: rule.seconds }),
    );
  }
  return {
    async take(name, who, response) {
      const rule: LimitRule = RATE_LIMITS[name];
      const limiter = limiters.get(name);
      if (limiter === undefined) throw new TypeError(`no limiter for ${name}`);
      const key =
        rule.per === 'account' ? (who.accountId ?? addressKey(who.address)) : addressKey(who.address);
      try {
        writeHeaders(response, name, limiter.points, rule.seconds, await limiter.consume(key));
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        writeHeaders(response, name, limiter.points, rule.seconds, refused);
        throw new AppError('too-many-requests', 'Wait a little, then try again.', {
          retryAfterSeconds: refused.msBeforeNext / 1_000,
        });
      }
    },
  };
}

/** An address as a key: IPv6 by its /64, because one household has a whole one; hashed, so that no list of addresses exists. */
export function addressKey(address: string): string {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  const block = isIPv6(plain) ? networkOf(plain) : plain;
  return createHash('sha256').update(block).digest('base64url').slice(0, 22);
}

function networkOf(address: string): string {
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined
      ? []
      : Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** RateLimit header fields, draft-ietf-httpapi-ratelimit-headers-09. */
function writeHeaders(
  response: Response,
  name: string,
  points: number,
  seconds: number,
  state: RateLimiterRes,
): void {
  response.setHeader('RateLimit-Policy', `"${name}";q=${String(points)};w=${String(seconds)}`);
  const reset = Math.ceil(state.msBeforeNext / 1_000);
  response.setHeader('RateLimit', `"${name}";r=${String(state.remainingPoints)};t=${String(reset)}`);
}
