import type { CommandKey } from '../actor.ts';
import { invalidInput } from './validate-input.ts';

const KEY = /^[\w-]{1,64}$/;

/**
 * The idempotency key of a command with the digest of its body, or undefined when none was sent. `digest` is keyed,
 * so that a stored digest of a body with a passphrase or a door in it gives nothing away. Throws `invalid-input` for
 * a key of another shape.
 */
export function readCommandKey(
  header: string | undefined,
  body: unknown,
  digest: (text: string) => string,
): CommandKey | undefined {
  if (header === undefined) return undefined;
  if (!KEY.test(header)) {
    throw invalidInput([
      { pointer: 'Idempotency-Key', code: 'header', detail: 'One to 64 letters, digits, - or _.' },
    ]);
  }
  return { key: header, bodyHash: digest(canonicalJson(body)) };
}

/** JSON with sorted names, so that the same body always reads the same. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
