import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

/** Narrow view of the log that services get. Fields hold ids, counts and codes: never text people wrote. */
export interface Logger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

/** Field names that never reach a log, at any of the first three levels. A net below the rule, not the rule. */
const PRIVATE_FIELDS = [
  'passphrase',
  'currentPassphrase',
  'newPassphrase',
  'passphraseHash',
  'secret',
  'code',
  'setupCode',
  'cookie',
  'authorization',
  'phone',
  'door',
  'contactName',
  'notes',
  'visit',
  'title',
  'text',
  'body',
  'signInName',
  'displayName',
];

/**
 * The structured log: one JSON line an entry, UTC, on standard error (standard output belongs to answers that a
 * person or a program asked for). error = a person must act now; warn = we recovered; info = a change worth
 * counting; debug = development. Errors are reduced to name, code, message and stack; a duplicate key error loses
 * its message, because the driver writes the value into it.
 */
export function createLogger(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): PinoLogger & Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: {
        paths: PRIVATE_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[private]',
      },
    },
    destination,
  );
}

interface LoggedError {
  readonly name: string;
  readonly reason?: string | number;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** An error without the values it was about. The error code is logged as `reason`. */
export function describeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error, message: 'not an Error' };
  const code = (error as { code?: unknown }).code;
  const isDuplicate = code === 11000;
  const reason = typeof code === 'string' || typeof code === 'number' ? { reason: code } : {};
  const frames = error.stack?.split('\n    at ').slice(1).join('\n    at ');
  return {
    name: error.name,
    ...reason,
    message: isDuplicate ? 'duplicate key' : error.message,
    ...(frames === undefined ? {} : { stack: frames }),
    ...(error.cause instanceof Error && depth < 3 ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

/** A log that keeps nothing, for scripts that print their own lines. */
export const silentLogger: Logger = { error() {}, warn() {}, info() {}, debug() {} };
