import type { Connection } from 'mongoose';
import {
  RateLimiterMemory,
  RateLimiterMongo,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import { AppError } from '../errors.ts';

/** Who is trying: digests only. `device` is null unless this browser has signed in to this account before. */
export interface SignInSubject {
  readonly account: string;
  readonly device: string | null;
  readonly address: string;
}

/**
 * Caps guessing without locking the owner out (reliability 9, P12). Strangers share 5 tries a minute and 20 an hour
 * for one account, wherever they come from; a browser that has signed in to it before has its own 5 and 20. After 100
 * wrong tries in a row strangers are refused until the desk resets it. Failures of one address are capped apart,
 * generously, because a whole centre may share one.
 */
export interface SignInThrottle {
  /** Takes one try beforehand, so that parallel guesses count; throws `too-many-requests`. */
  take(subject: SignInSubject): Promise<void>;
  /** The try was right: gives it back and ends the row of wrong ones. */
  giveBack(subject: SignInSubject): Promise<void>;
  /** Staff at the desk have seen the owner. */
  reset(account: string): Promise<void>;
}

const HOUR = 60 * 60;

export function createSignInThrottle({
  connection,
  factor,
}: {
  readonly connection: Connection;
  /** Multiplies the limit of an address, for tests that act as many people from one machine. */
  readonly factor: number;
}): SignInThrottle {
  const memory = (keyPrefix: string, points: number, duration: number): RateLimiterAbstract =>
    new RateLimiterMemory({ keyPrefix, points, duration });
  const stored = (keyPrefix: string, points: number, duration: number): RateLimiterAbstract =>
    new RateLimiterMongo({
      storeClient: connection.getClient(),
      dbName: connection.name,
      tableName: 'signInFailures',
      keyPrefix,
      points,
      duration,
      inMemoryBlockOnConsumed: points + 1,
      inMemoryBlockDuration: 60,
      insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration }),
    });
  const perMinute = memory('minute', 5, 60);
  const perHour = stored('hour', 20, HOUR);
  const inARow = stored('row', 100, 365 * 24 * HOUR);
  const perAddress = memory('address', 100 * factor, HOUR);

  const keyOf = ({ account, device }: SignInSubject): string => `${account}/${device ?? 'stranger'}`;
  const plan = (subject: SignInSubject): [RateLimiterAbstract, string][] => [
    [perAddress, subject.address],
    [perMinute, keyOf(subject)],
    [perHour, keyOf(subject)],
    ...(subject.device === null ? ([[inARow, subject.account]] as [RateLimiterAbstract, string][]) : []),
  ];

  return {
    async take(subject) {
      for (const [limiter, key] of plan(subject)) await consume(limiter, key);
    },
    async giveBack(subject) {
      await Promise.all([
        perAddress.reward(subject.address),
        perMinute.reward(keyOf(subject)),
        perHour.reward(keyOf(subject)),
        inARow.delete(subject.account),
      ]);
    },
    async reset(account) {
      await Promise.all([
        inARow.delete(account),
        perHour.delete(`${account}/stranger`),
        perMinute.delete(`${account}/stranger`),
      ]);
    },
  };
}

async function consume(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw new AppError('too-many-requests', 'Too many wrong tries. Wait a little, or call the centre.', {
      retryAfterSeconds: Math.min(refused.msBeforeNext / 1_000, HOUR),
    });
  }
}
