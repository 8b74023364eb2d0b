import type { Engine } from '../engine.ts';
import type { CommandRequest } from './request.ts';

/** Codes after which a driver may send a retryable write again. */
const RETRYABLE = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
/** Further codes after which a driver may resume a change stream. */
const RESUMABLE = new Set([63, 133, 150, 234, 13388]);

/** The labels MongoDB gives an error by its code: of a retryable write, or of a change stream's getMore. */
export function labelsOf(
  engine: Engine,
  code: number,
  request: CommandRequest | undefined,
): readonly string[] {
  if (request === undefined) return [];
  if (request.fields.has('txnNumber')) return RETRYABLE.has(code) ? ['RetryableWriteError'] : [];
  if (request.name !== 'getMore' || !(RETRYABLE.has(code) || RESUMABLE.has(code))) return [];
  const id = request.long('getMore');
  return id !== undefined && engine.cursors.isStream(id) ? ['ResumableChangeStreamError'] : [];
}
