import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { KillableService } from '../../scripts/bench/killable-service.ts';
import type { SeededPerson } from '../../scripts/bench/seed-estate.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** How often it had to be sent until an answer came. */
  readonly attempts: number;
}

/**
 * Sends one command until it is answered, with the same idempotency key each time: what a good client does when the
 * line goes dead. A 503 is no answer either.
 */
export async function sendUntilAnswered(
  service: KillableService,
  person: SeededPerson,
  method: 'POST' | 'PUT',
  path: string,
  body: object = {},
): Promise<Answer> {
  const key = randomUUID();
  for (let attempts = 1; attempts <= 400; attempts += 1) {
    try {
      const response = await fetch(`${service.origin}/api${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': key,
          origin: service.origin,
          cookie: person.cookie,
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(120_000),
      });
      const text = await response.text();
      if (response.status !== 503) {
        return { status: response.status, body: text === '' ? null : JSON.parse(text), attempts };
      }
    } catch {
      // Nobody there, or gone in the middle: the outcome is unknown until somebody answers.
    }
    await pause(50);
  }
  throw new Error(`${method} ${path} was never answered`);
}

/** Reads once; the service must be up. */
export async function read<T>(service: KillableService, person: SeededPerson, path: string): Promise<T> {
  const response = await fetch(`${service.origin}/api${path}`, {
    headers: { cookie: person.cookie },
    signal: AbortSignal.timeout(120_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`GET ${path} answered ${String(response.status)}: ${text}`);
  return JSON.parse(text) as T;
}
