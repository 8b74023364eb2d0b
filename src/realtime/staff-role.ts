import type { Actor } from '../actor.ts';

/** Whether this person hears what staff hear. */
export function isStaff(actor: Pick<Actor, 'roles' | 'status'>): boolean {
  return (
    actor.status === 'active' && (actor.roles.includes('staff') || actor.roles.includes('administrator'))
  );
}
