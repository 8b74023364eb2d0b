/** Every failure the API can answer, by its stable code. The HTTP status belongs to `http/problem-details.ts`. */
export type ErrorCode =
  | 'invalid-input'
  | 'malformed-body'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'not-signed-in'
  | 'wrong-credentials'
  | 'second-factor-needed'
  | 'recent-sign-in-needed'
  | 'foreign-origin'
  | 'not-allowed'
  | 'not-found'
  | 'method-not-allowed'
  | 'state-changed'
  | 'version-changed'
  | 'already-taken'
  | 'not-offered'
  | 'helper-busy'
  | 'name-taken'
  | 'idempotency-key-reused'
  | 'party-may-not-decide'
  | 'too-many-requests'
  | 'setup-done'
  | 'wrong-setup-code'
  | 'draining'
  | 'store-unavailable'
  | 'internal';

export interface FieldError {
  /** JSON pointer into the body, or `?name` for a query value. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export interface AppErrorDetails {
  readonly errors?: readonly FieldError[];
  /** The present view, for a 409. */
  readonly present?: unknown;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A failure that the caller can understand and act on. `detail` says what to do and holds nothing private. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: AppErrorDetails;
  constructor(code: ErrorCode, detail: string, details: AppErrorDetails = {}) {
    super(detail, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}
