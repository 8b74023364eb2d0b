import type { Actor } from '../actor.ts';
import type { Role } from '../shared/vocabulary.ts';

/** What a signed-in session keeps in the store. Instants are milliseconds. */
export interface SessionContent {
  /** Names the session in rooms and logs; survives a step-up, unlike the cookie's id, and opens nothing. */
  key: string;
  accountId: string;
  communityId: string;
  factors: string[];
  /** When the passphrase or a code was last shown; `recent` counts from here. */
  authenticatedAt: number;
  startedAt: number;
  /** Written at most once in five minutes, and only where idle time ends a session. */
  seenAt: number;
  /** The account's `sessionEpoch` at sign-in; another one on the account means that the session was ended. */
  epoch: number;
}

/** The account behind a session, read anew at every request. */
export interface SessionAccount {
  readonly actor: Actor;
  /** All roles, also those that wait for the second factor; `actor.roles` holds those that act now. */
  readonly allRoles: readonly Role[];
  readonly epoch: number;
}

/** What `http/` needs to know of accounts; implemented by `accounts/`. */
export interface SessionAccounts {
  /** Null when there is no such account or its sign-up was refused. */
  sessionAccount(session: SessionContent): Promise<SessionAccount | null>;
  /** The present `sessionEpoch`, for a new session. */
  epochOf(accountId: string): Promise<number>;
}

/** Whose passphrase was right. */
export interface VerifiedSignIn {
  readonly accountId: string;
  readonly communityId: string;
  readonly factors: readonly string[];
}

export interface SignInAttempt {
  readonly communityId: string;
  readonly signInName: string;
  readonly passphrase: string;
  readonly address: string;
  /** The id in this browser's device cookie; null when it has none. */
  readonly device: string | null;
}

/** Checks a passphrase; throws `wrong-credentials` or `too-many-requests`. Implemented by `accounts/`. */
export type VerifyPassphrase = (attempt: SignInAttempt) => Promise<VerifiedSignIn>;

/** What Passport puts on a request. */
export interface SignedInUser {
  readonly content: SessionContent;
  readonly account: SessionAccount | null;
}

declare module 'express-session' {
  interface SessionData {
    passport?: { user?: SessionContent };
  }
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- the way Express is told about our user
  namespace Express {
    interface User {
      readonly content: SessionContent;
      readonly account: SessionAccount | null;
    }
  }
}
