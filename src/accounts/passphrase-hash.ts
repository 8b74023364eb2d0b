import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { AppError } from '../errors.ts';

/** Hashes and checks passphrases. */
export interface PassphraseHasher {
  /** A PHC string of argon2id. */
  hash(normalised: string): Promise<string>;
  /** Null stands for an account that does not exist or has no passphrase: the same work is done, the answer is false. */
  verify(phc: string | null, normalised: string): Promise<boolean>;
}

/** OWASP's argon2id: 19 MiB, two passes, one lane. The algorithm number is argon2id. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Waiting beyond this helps nobody: the caller is told to come again. */
const WAITING_MAX = 64;

/**
 * Argon2id with as many at once as there are cores and a short queue; beyond it `store-unavailable` (503), so that a
 * flood of sign-ins cannot take the machine.
 */
export function createPassphraseHasher(): PassphraseHasher {
  const slots = createSlots(availableParallelism(), WAITING_MAX);
  const nobody = hash(randomBytes(24), COST);
  return {
    async hash(normalised) {
      return await slots(async () => await hash(normalised, COST));
    },
    async verify(phc, normalised) {
      const against = phc ?? (await nobody);
      const fits = await slots(async () => await verify(against, normalised));
      return phc !== null && fits;
    },
  };
}

/** Runs at most `width` at once, in order; refuses when more than `waitingMax` wait. */
function createSlots(width: number, waitingMax: number): <T>(work: () => Promise<T>) => Promise<T> {
  let busy = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (busy >= width) {
      if (waiting.length >= waitingMax) {
        throw new AppError('store-unavailable', 'Many people sign in just now. Try again in a moment.', {
          retryAfterSeconds: 2,
        });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      busy += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) busy -= 1;
      else next();
    }
  };
}
