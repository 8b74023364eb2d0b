import type { AccountListItem } from '../../../../src/shared/api-types.ts';
import type { Operation } from '../../operations.ts';
import type { TextKey } from '../../i18n/i18n.svelte.ts';

/** What staff can do with a person's account. */
export type PersonAct =
  | 'approve'
  | 'approveHelper'
  | 'checkHelper'
  | 'refuse'
  | 'suspend'
  | 'restore'
  | 'makeStaff'
  | 'unmakeStaff';

interface ActRow {
  operation: Operation;
  title: TextKey;
  text: TextKey | null;
  words: TextKey;
  done: TextKey;
  /** A reason has to be written. */
  needsReason: boolean;
}

/** The acts as data: what is called, and what the dialog says before and after. */
export const PERSON_ACTS: Record<PersonAct, ActRow> = {
  approve: row('approveAccount', 'approveTitle', null, 'approve', 'approved', false),
  approveHelper: row('approveAccount', 'approveHelperTitle', null, 'approveHelper', 'helperDone', false),
  checkHelper: row('approveAccount', 'checkHelperTitle', null, 'checkHelper', 'helperDone', false),
  refuse: row('refuseAccount', 'refuseTitle', 'refuseText', 'refuse', 'refusedDone', true),
  suspend: row('suspendAccount', 'suspendTitle', 'suspendText', 'suspend', 'suspendedDone', true),
  restore: row('restoreAccount', 'restoreTitle', null, 'restore', 'restoredDone', false),
  makeStaff: row('changeRoles', 'makeStaffTitle', 'makeStaffText', 'makeStaff', 'rolesDone', false),
  unmakeStaff: row('changeRoles', 'unmakeStaffTitle', null, 'unmakeStaff', 'rolesDone', false),
};

type PeopleKey = Extract<TextKey, `staff.people.${string}`> extends `staff.people.${infer K}` ? K : never;

function row(
  operation: Operation,
  title: PeopleKey,
  text: PeopleKey | null,
  words: PeopleKey,
  done: PeopleKey,
  needsReason: boolean,
): ActRow {
  const key = (name: PeopleKey): TextKey => `staff.people.${name}` as TextKey;
  return {
    operation,
    title: key(title),
    text: text === null ? null : key(text),
    words: key(words),
    done: key(done),
    needsReason,
  };
}

/** The acts that make sense for a person, main one first. Roles belong to the administrator. */
export function actsFor(person: AccountListItem, isAdministrator: boolean): PersonAct[] {
  if (person.status === 'waiting') return ['approve', 'refuse'];
  if (person.status === 'refused') return ['approve'];
  if (person.status === 'suspended') return ['restore'];
  if (person.roles.includes('administrator')) return [];
  const isStaff = person.roles.includes('staff');
  return [
    ...helperActs(person),
    'suspend',
    ...(isAdministrator ? [isStaff ? ('unmakeStaff' as const) : ('makeStaff' as const)] : []),
  ];
}

function helperActs(person: AccountListItem): PersonAct[] {
  if (person.asksToVolunteer) return ['approveHelper'];
  return person.roles.includes('volunteer') ? ['checkHelper'] : [];
}
