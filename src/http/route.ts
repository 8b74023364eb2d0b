import type { Schema } from 'joi';
import type { Actor, CommandKey } from '../actor.ts';
import type { Language } from '../shared/vocabulary.ts';
import type { OperationId } from './access-table.ts';
import type { VerifiedSignIn } from './session-types.ts';

/** What a handler gets: validated input, the actor, nothing of Express. */
export interface RouteInput<P = Record<string, string>, Q = Record<string, unknown>, B = unknown> {
  /** Null only on routes that the access table opens to `anyone`. */
  readonly actor: Actor | null;
  readonly communityId: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** From `Idempotency-Key`, with the hash of the canonical body. */
  readonly commandKey: CommandKey | undefined;
  readonly language: Language;
  readonly request: RouteRequest;
}

/** The few things of the connection that sign-in and limits need. */
export interface RouteRequest {
  readonly id: string;
  readonly address: string;
  readonly session: SessionControl;
}

export interface SessionControl {
  readonly id: string | null;
  /** New id, old one dead; then the account is signed in. */
  signIn(accountId: string, communityId: string, factors: readonly string[]): Promise<void>;
  /** Adds a factor or renews `recent`. */
  stepUp(factor: string | null): Promise<void>;
  signOut(): Promise<void>;
  readonly factors: readonly string[];
  readonly authenticatedAt: Date | null;
  /** Passport's local strategy on these two; throws `wrong-credentials` or `too-many-requests`. Signs nobody in. */
  verify(communityId: string, signInName: string, passphrase: string): Promise<VerifiedSignIn>;
  /** The device id that this browser keeps, if any. */
  readonly device: string | null;
  /** This browser keeps the device id, so that its owner is not kept out by strangers who guess. */
  rememberDevice(device: string): void;
}

/**
 * A route as data. Who may call it stands in the access table under its operationId; a route without a
 * row there does not compile. `response` describes the 2xx body (null: 204) and is checked in tests.
 */
export interface Route<P = Record<string, string>, Q = Record<string, unknown>, B = unknown> {
  readonly operationId: OperationId;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Express path below /api, e.g. `/help-requests/:id/submit`. */
  readonly path: string;
  readonly summary: string;
  readonly status: 200 | 201 | 204;
  readonly params?: Schema<P>;
  readonly query?: Schema<Q>;
  readonly body?: Schema<B>;
  readonly response: Schema | null;
  /** A limit besides the general one, from `http/rate-limits.ts`. */
  readonly limit?: string;
  handle(input: RouteInput<P, Q, B>): Promise<unknown>;
}

/** Keeps the types of params, query and body together and forgets them for the table. */
export function defineRoute<P, Q, B>(route: Route<P, Q, B>): Route {
  return route as unknown as Route;
}

/** The actor of a route that is not open to `anyone`; the gate in front has already refused everybody else. */
export function signedIn(input: { readonly actor: Actor | null }): Actor {
  if (input.actor === null) throw new TypeError('the access table opened this route to anyone');
  return input.actor;
}
