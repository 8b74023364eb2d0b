import { deserialize, serialize } from 'bson';
import { type StoreError, storeError } from '../errors.ts';
import type { ReplyBody } from '../wire/splice.ts';
import type { CommandRequest } from './request.ts';

/** What a fail point does to a command. */
export interface Planned {
  readonly close: boolean;
  readonly error: StoreError | undefined;
  readonly writeConcernError: Uint8Array | undefined;
}

export interface FailPoints {
  configure(request: CommandRequest): ReplyBody;
  meet(request: CommandRequest): Planned | undefined;
}

interface FailCommand {
  failCommands?: string[];
  errorCode?: number;
  errorLabels?: string[];
  closeConnection?: boolean;
  appName?: string;
  writeConcernError?: Record<string, unknown>;
}

/**
 * `configureFailPoint` with `failCommand`, as the drivers' specification tests use it. Only `serve
 * --test` has it: the server of the product is made without.
 */
export function createFailPoints(): FailPoints {
  let left = 0;
  let plan: FailCommand | undefined;

  return {
    configure(request) {
      const name = request.string('configureFailPoint');
      if (name !== 'failCommand') throw storeError(27, `fail point '${name}' is not known`);
      const { mode, data } = deserialize(request.body) as {
        mode: 'off' | 'alwaysOn' | { times?: number; skip?: number };
        data?: FailCommand;
      };
      if (mode === 'off') plan = undefined;
      else {
        plan = data ?? {};
        left = mode === 'alwaysOn' ? Number.POSITIVE_INFINITY : (mode.times ?? Number.POSITIVE_INFINITY);
      }
      return serialize({ count: 0, ok: 1 });
    },
    meet(request) {
      if (plan === undefined || left <= 0 || request.name === 'configureFailPoint') return undefined;
      if (!(plan.failCommands ?? []).includes(request.name)) return undefined;
      left--;
      return plannedOf(plan);
    },
  };
}

function plannedOf(plan: FailCommand): Planned {
  const error =
    plan.errorCode === undefined
      ? undefined
      : storeError(plan.errorCode, "Failing command via 'failCommand' failpoint", {}, plan.errorLabels ?? []);
  return {
    close: plan.closeConnection === true,
    error,
    writeConcernError: plan.writeConcernError === undefined ? undefined : serialize(plan.writeConcernError),
  };
}
