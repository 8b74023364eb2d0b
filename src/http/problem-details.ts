import type { Response } from 'express';
import { AppError, type ErrorCode, type FieldError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { ProblemView } from '../shared/api-types.ts';
import { LIMITS } from '../shared/limits.ts';

/** Status and title of every failure; a code without a row does not compile. */
export const PROBLEMS: Readonly<Record<ErrorCode, { readonly status: number; readonly title: string }>> = {
  'invalid-input': { status: 422, title: 'Some fields need another value' },
  'malformed-body': { status: 400, title: 'The body could not be read' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'Send JSON in UTF-8' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'wrong-credentials': { status: 401, title: 'Name or passphrase is wrong' },
  'second-factor-needed': { status: 403, title: 'The second factor is needed' },
  'recent-sign-in-needed': { status: 403, title: 'Confirm your passphrase first' },
  'foreign-origin': { status: 403, title: 'This comes from another site' },
  'not-allowed': { status: 403, title: 'You may not do this' },
  'not-found': { status: 404, title: 'There is nothing here for you' },
  'method-not-allowed': { status: 405, title: 'This address does not know that method' },
  'state-changed': { status: 409, title: 'The state has changed' },
  'version-changed': { status: 409, title: 'Somebody changed it meanwhile' },
  'already-taken': { status: 409, title: 'Somebody was faster' },
  'not-offered': { status: 409, title: 'This is not offered to you now' },
  'helper-busy': { status: 409, title: 'The helper has enough to do' },
  'name-taken': { status: 409, title: 'This name is taken' },
  'idempotency-key-reused': { status: 422, title: 'The idempotency key was used for something else' },
  'party-may-not-decide': { status: 403, title: 'A person who takes part may not decide' },
  'too-many-requests': { status: 429, title: 'Too many at once' },
  'setup-done': { status: 409, title: 'The set-up is done' },
  'wrong-setup-code': { status: 403, title: 'The set-up code is wrong' },
  draining: { status: 503, title: 'The service is restarting' },
  'store-unavailable': { status: 503, title: 'The service cannot do this just now' },
  internal: { status: 500, title: 'Something went wrong' },
};

/** `/problems/<code>`: where a reader finds the words for a code. */
export function problemType(code: ErrorCode): string {
  return `/api/problems/${code}`;
}

/** The RFC 9457 answer for a failure. `instance` names this occurrence, as it stands in the log. */
export function presentProblem(error: AppError, requestId: string): ProblemView {
  const { status, title } = PROBLEMS[error.code];
  const errors = error.details.errors?.slice(0, LIMITS.problemErrorsMax);
  return {
    type: problemType(error.code),
    title,
    status,
    detail: error.message,
    instance: `urn:uuid:${requestId}`,
    code: error.code,
    ...(errors === undefined ? {} : { errors: errors.map((entry: FieldError) => ({ ...entry })) }),
    ...(error.details.present === undefined ? {} : { present: error.details.present }),
  };
}

/** Writes the problem, with Retry-After where waiting helps. */
export function sendProblem(response: Response, error: AppError, requestId: string): void {
  const problem = presentProblem(error, requestId);
  const wait = error.details.retryAfterSeconds ?? (problem.status === 503 ? 5 : undefined);
  if (wait !== undefined) response.setHeader('Retry-After', String(Math.max(1, Math.ceil(wait))));
  response.status(problem.status);
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.end(JSON.stringify(problem));
}

/**
 * Any thrown value as a failure that can be answered. What the caller did wrong keeps its meaning; a store that is
 * away is 503; everything else is logged once, whole, and answered without a word of it.
 */
export function toAppError(thrown: unknown, requestId: string, logger: Logger): AppError {
  if (thrown instanceof AppError) return thrown;
  const known = fromParser(thrown) ?? fromStore(thrown);
  if (known !== undefined) {
    if (known.code === 'store-unavailable') logger.warn({ requestId, err: thrown }, 'store is not available');
    return known;
  }
  logger.error({ requestId, err: thrown }, 'request failed');
  return new AppError('internal', 'It is not your fault. Try again, or call the centre.', { cause: thrown });
}

/** Express and body-parser mark what the client did wrong with a status below 500. */
function fromParser(thrown: unknown): AppError | undefined {
  const { status, type } = thrown as { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || status >= 500) return undefined;
  if (status === 413) return new AppError('body-too-large', 'Send less at once.');
  if (status === 415 || type === 'charset.unsupported' || type === 'encoding.unsupported') {
    return new AppError('unsupported-media-type', 'Send application/json in UTF-8.');
  }
  if (status === 404 || thrown instanceof URIError)
    return new AppError('not-found', 'There is nothing at this address.');
  return new AppError('malformed-body', 'The address or the body could not be read.');
}

const AWAY =
  /^Mongo(?:Network|ServerSelection|NotConnected|PoolCleared|WaitQueueTimeout|Topology|WriteConcern)/;

function fromStore(thrown: unknown): AppError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const refusesWrites = (thrown as { codeName?: unknown }).codeName === 'OutOfDiskSpace';
  if (!AWAY.test(thrown.name) && thrown.name !== 'MongooseServerSelectionError' && !refusesWrites)
    return undefined;
  return new AppError('store-unavailable', 'Nothing was lost. Try again in a moment.', { cause: thrown });
}
