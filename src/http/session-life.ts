import type { Role } from '../shared/vocabulary.ts';
import type { SessionContent } from './session-types.ts';

/** How long a session of a resident or volunteer lives, and its cookie. */
export const SESSION_DAYS = 30;
/** How often the last use of a staff session is written down. */
export const SEEN_STEP_MS = 5 * 60_000;

const STAFF_LIFE_MS = 12 * 60 * 60_000;
const STAFF_IDLE_MS = 30 * 60_000;

/** Staff and administrators work at shared desks: their sessions end when nobody uses them. */
export function mayBeIdle(roles: readonly Role[]): boolean {
  return roles.includes('staff') || roles.includes('administrator');
}

/**
 * True when the session's time is up at `now` (ms): staff 12 hours, or 30 minutes without use (35 at most, because
 * use is written down every five); everybody else 30 days.
 */
export function isSessionOver(content: SessionContent, roles: readonly Role[], now: number): boolean {
  const age = now - content.startedAt;
  if (!mayBeIdle(roles)) return age >= SESSION_DAYS * 24 * 60 * 60_000;
  return age >= STAFF_LIFE_MS || now - content.seenAt >= STAFF_IDLE_MS + SEEN_STEP_MS;
}
