import { deserialize, serialize } from 'bson';
import { type StoreError, storeError } from '../errors.ts';
import type { ReplyBody } from '../wire/splice.ts';
import type { CommandRequest } from './request.ts';

/** What a fail point does to a command. */
export interface Planned {
  readonly close: boolean;
  readonly error: StoreError | undefined;
  /** The labels of the error instead of those it would have; undefined leaves them. */
  readonly labels: readonly string[] | undefined;
  readonly writeConcernError: { readonly code: number } | undefined;
}

export interface FailPoints {
  configure(request: CommandRequest): ReplyBody;
  meet(request: CommandRequest): Planned | undefined;
  /** To be asked before each statement of a retryable write; `error` keeps the statement from happening. */
  meetStatement(): { readonly close: boolean; readonly error: StoreError | undefined } | undefined;
}

interface Data {
  failCommands?: string[];
  errorCode?: number;
  errorLabels?: string[];
  closeConnection?: boolean;
  writeConcernError?: { code: number };
  failBeforeCommitExceptionCode?: number;
}

type Mode = 'off' | 'alwaysOn' | { times?: number; skip?: number };

interface Armed {
  readonly data: Data;
  skip: number;
  left: number;
}

/** Fields each fail point takes in `data`. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  failCommand: ['failCommands', 'errorCode', 'errorLabels', 'closeConnection', 'writeConcernError'],
  failGetMoreAfterCursorCheckout: ['errorCode', 'closeConnection'],
  onPrimaryTransactionalWrite: ['failBeforeCommitExceptionCode', 'closeConnection'],
};

/**
 * `configureFailPoint` as the drivers' specification tests use it. Only `serve --test` has it: the
 * server of the product is made without.
 */
export function createFailPoints(): FailPoints {
  const armed = new Map<string, Armed>();

  function fires(name: string, test: (data: Data) => boolean = () => true): Data | undefined {
    const point = armed.get(name);
    if (point === undefined || !test(point.data)) return undefined;
    if (point.skip > 0) point.skip--;
    else if (point.left > 0) {
      point.left--;
      return point.data;
    }
    return undefined;
  }

  return {
    configure(request) {
      const name = request.string('configureFailPoint') ?? '';
      const fields = FIELDS[name];
      if (fields === undefined) throw storeError(27, `fail point '${name}' is not known`);
      const { mode, data = {} } = deserialize(request.body) as { mode: Mode; data?: Data };
      const unknown = Object.keys(data).find((field) => !fields.includes(field));
      if (unknown !== undefined) throw storeError(2, `fail point '${name}' does not take '${unknown}'`);
      if (mode === 'off') armed.delete(name);
      else armed.set(name, { data, ...countsOf(mode) });
      return serialize({ count: 0, ok: 1 });
    },
    meet(request) {
      if (request.name === 'configureFailPoint') return undefined;
      const isNamed = ({ failCommands = [] }: Data) => failCommands.includes(request.name);
      const early = fires('failCommand', isNamed);
      // Before a cursor is looked up, nobody knows that it is a change stream, whose errors have a label.
      if (early !== undefined) return plannedOf(early, request.name === 'getMore' ? [] : undefined);
      const late = request.name === 'getMore' ? fires('failGetMoreAfterCursorCheckout') : undefined;
      return late === undefined ? undefined : plannedOf(late);
    },
    meetStatement() {
      const data = fires('onPrimaryTransactionalWrite');
      return data === undefined
        ? undefined
        : { close: data.closeConnection !== false, error: errorOf(data.failBeforeCommitExceptionCode) };
    },
  };
}

function countsOf(mode: Exclude<Mode, 'off'>): { skip: number; left: number } {
  const { skip = 0, times = Number.POSITIVE_INFINITY } = mode === 'alwaysOn' ? {} : mode;
  return { skip, left: times };
}

function plannedOf(data: Data, labels?: readonly string[]): Planned {
  return {
    close: data.closeConnection === true,
    error: errorOf(data.errorCode),
    labels: data.errorLabels ?? labels,
    writeConcernError: data.writeConcernError,
  };
}

function errorOf(code: number | undefined): StoreError | undefined {
  return code === undefined ? undefined : storeError(code, 'Failing command due to a fail point');
}
