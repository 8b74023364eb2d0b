import { storeError } from '../errors.ts';
import { afterPrefix, type Reader, type Writer } from '../kv/view.ts';

/** A retryable write: the session's id (16 bytes) and the number the driver gave the write. */
export interface RetryIdentity {
  readonly session: Uint8Array;
  readonly txnNumber: bigint;
  /** Asked before each statement; only fail points of a server under test throw here. */
  readonly beforeStatement?: (() => void) | undefined;
}

const KEEP_MS = 30 * 60_000;
const HEAD_BYTES = 16;

/**
 * What a session's latest retryable write has come to, or undefined when this number is new. The
 * outcome is whatever was recorded, in the same transaction as the write. Throws 225 on a number
 * smaller than the latest.
 */
export function recordedOutcome(reader: Reader, identity: RetryIdentity): Uint8Array | undefined {
  const stored = reader.get('retry', identity.session);
  if (stored === undefined) return undefined;
  const latest = Buffer.from(stored.buffer, stored.byteOffset, stored.length).readBigInt64BE(0);
  if (identity.txnNumber < latest) {
    throw storeError(
      225,
      `Retryable write with txnNumber ${identity.txnNumber} is prohibited on this session because a newer retryable write with txnNumber ${latest} has already started on this session.`,
    );
  }
  return identity.txnNumber === latest ? stored.subarray(HEAD_BYTES) : undefined;
}

export function recordOutcome(
  writer: Writer,
  identity: RetryIdentity,
  outcome: Uint8Array,
  nowMs: number,
): void {
  const value = Buffer.allocUnsafe(HEAD_BYTES + outcome.length);
  value.writeBigInt64BE(identity.txnNumber, 0);
  value.writeBigInt64BE(BigInt(nowMs), 8);
  value.set(outcome, HEAD_BYTES);
  writer.put('retry', identity.session, value);
}

/** Sessions whose latest write is older than 30 minutes; at most `most`. */
export function oldOutcomes(reader: Reader, nowMs: number, most: number): Uint8Array[] {
  const old: Uint8Array[] = [];
  const everything = { from: Uint8Array.of(0), to: afterPrefix(Uint8Array.of(0xff)) };
  for (const { key, value } of reader.range('retry', everything)) {
    const at = Number(Buffer.from(value.buffer, value.byteOffset, value.length).readBigInt64BE(8));
    if (nowMs - at > KEEP_MS) old.push(key);
    if (old.length >= most) break;
  }
  return old;
}

/** Forgets such sessions: a retry that late is no longer known. */
export function forgetOldOutcomes(writer: Writer, nowMs: number, most: number): void {
  for (const key of oldOutcomes(writer, nowMs, most)) writer.remove('retry', key);
}
