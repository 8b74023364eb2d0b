import type { SessionView } from '../../src/shared/api-types.ts';
import type { Role } from '../../src/shared/vocabulary.ts';
import { call, asProblem, whenSignedOut } from './api-client.ts';

let view = $state.raw<SessionView | null>(null);
let isKnown = $state(false);
const listeners = new Set<(now: SessionView | null) => void>();

/** Who is signed in on this device. */
export const session = {
  /** Null when nobody is, or before it is known. */
  get view(): SessionView | null {
    return view;
  },
  /** False until the server has said once who is signed in. */
  get isKnown(): boolean {
    return isKnown;
  },
  get account(): SessionView['account'] | null {
    return view?.account ?? null;
  },
  hasRole(role: Role): boolean {
    return view?.account.roles.includes(role) ?? false;
  },
  get isStaff(): boolean {
    return this.hasRole('staff') || this.hasRole('administrator');
  },
};

/** Calls back whenever somebody signs in or out, or another person takes the device. */
export function onSessionChange(listener: (now: SessionView | null) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Takes a session view that an operation answered: sign-in, step-up, second factor, demo sign-in. */
export function takeSession(next: SessionView | null): void {
  const changed = next?.account.id !== view?.account.id;
  view = next;
  isKnown = true;
  if (changed) for (const listener of listeners) listener(next);
}

whenSignedOut(() => takeSession(null));

/** Asks the server who is signed in; without an answer the last knowledge stays. */
export async function readSession(): Promise<void> {
  try {
    takeSession(await call('readSession'));
  } catch (error) {
    if (asProblem(error).code === 'not-signed-in') takeSession(null);
    isKnown = true;
  }
}

/** Ends the session here and on the server. */
export async function signOut(): Promise<void> {
  await call('deleteSession');
  takeSession(null);
}
