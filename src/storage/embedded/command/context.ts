import type { Engine } from '../engine.ts';
import { storeError } from '../errors.ts';
import type { OperationControl } from '../query/slices.ts';
import type { Moment } from '../session/moments.ts';
import type { RetryIdentity } from '../session/retry.ts';
import type { ReplyBody } from '../wire/splice.ts';
import type { CommandRequest } from './request.ts';

/** One command being answered. */
export interface CommandContext {
  readonly engine: Engine;
  readonly request: CommandRequest;
  readonly control: OperationControl;
  /** The session's id, when the client sent one. */
  readonly session: Uint8Array | undefined;
  /** Set for a write the driver may send again. */
  readonly retry: RetryIdentity | undefined;
  /** Set for a read of a snapshot session; `engine` is then the store of that moment. */
  readonly moment: Moment | undefined;
  readonly connectionId: number;
}

export type CommandHandler = (context: CommandContext) => ReplyBody | Promise<ReplyBody>;

/** The collection a command names by its first field. Throws 73 on an empty or wrong name. */
export function collectionNameOf(request: CommandRequest): string {
  const name = request.string(request.name);
  if (name === undefined || name === '') {
    throw storeError(73, `Invalid namespace specified '${request.database}.'`);
  }
  return name;
}

export function namespaceOf(request: CommandRequest): string {
  return `${request.database}.${collectionNameOf(request)}`;
}

/** A required field is missing. */
export function requireField<T>(value: T | undefined, request: CommandRequest, field: string): T {
  if (value === undefined) {
    throw storeError(40414, `BSON field '${request.name}.${field}' is missing but a required field`);
  }
  return value;
}
