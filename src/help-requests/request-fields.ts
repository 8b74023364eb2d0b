import type { HelpRequestView } from '../shared/api-types.ts';
import type { RequestRelation } from './request-policy.ts';

/** Who may read one field of a request, and what the others get instead. */
export interface FieldRule<T> {
  readonly who: readonly RequestRelation[];
  /** Without it the field is absent for the others. */
  readonly others?: T;
}

type Fields = { readonly [F in keyof Required<HelpRequestView>]: FieldRule<HelpRequestView[F]> };

const EVERYBODY = [
  'author',
  'beneficiary',
  'proxy',
  'asked_helper',
  'accepted_helper',
  'member',
  'staff',
] as const;
const OWN = ['author', 'beneficiary', 'proxy'] as const;
const OWN_AND_STAFF = [...OWN, 'staff'] as const;
const INVOLVED = [...OWN, 'accepted_helper', 'staff'] as const;

const all = { who: EVERYBODY } as const;

/**
 * The field table: what leaves the server about a request, and to whom. The presenter walks it, and so do the
 * tests; a field that is not here does not exist outside. Door, phone, contact and notes are in `visit`: the
 * person's own reading only; helpers and staff read them by reveal, which is logged.
 */
export const REQUEST_FIELDS: Fields = {
  id: all,
  shortNumber: all,
  kindId: all,
  title: all,
  language: all,
  urgency: all,
  status: all,
  when: all,
  place: all,
  aboutMetres: all,
  helpersNeeded: all,
  helpersFound: all,
  isReviewed: all,
  createdAt: all,
  openedAt: all,
  canVolunteer: all,
  text: all,
  skillIds: all,
  minutes: all,
  languages: all,
  constraints: {
    who: [...INVOLVED, 'asked_helper'],
    others: { genderWish: null, twoHelpers: false, noHomeEntry: false },
  },
  relation: all,
  nextAction: all,
  version: all,
  closingReason: { who: INVOLVED, others: null },
  review: { who: OWN_AND_STAFF, others: null },
  helpers: { who: OWN_AND_STAFF },
  codeWord: { who: [...OWN, 'accepted_helper'] },
  authorName: { who: INVOLVED },
  wave: { who: OWN_AND_STAFF },
  needsPerson: { who: OWN_AND_STAFF },
  allowed: all,
  visit: { who: ['author', 'beneficiary'] },
  myMatchId: { who: ['asked_helper', 'accepted_helper'] },
  myAssignmentId: { who: ['accepted_helper'] },
  thanks: { who: INVOLVED },
};

/** Fields of the card, in the list and inside an offer. */
export const CARD_FIELDS = [
  'id',
  'shortNumber',
  'kindId',
  'title',
  'language',
  'urgency',
  'status',
  'when',
  'place',
  'aboutMetres',
  'helpersNeeded',
  'helpersFound',
  'isReviewed',
  'createdAt',
  'openedAt',
  'canVolunteer',
] as const;
