import Joi from 'joi';
import { idSchema, languageSchema, pageQuery, text } from '../http/view-schemas.ts';
import type { HelpRequestInput } from '../shared/api-types.ts';
import { LIMITS } from '../shared/limits.ts';
import {
  CLOSING_REASONS,
  REQUEST_STATUSES,
  REVIEW_REASONS,
  URGENCIES,
  type ClosingReason,
  type RequestStatus,
  type ReviewReason,
  type Urgency,
} from '../shared/vocabulary.ts';

const listId = Joi.string().max(40);
/** ISO 8601 with a zone; what it means is kept in UTC. */
export const instantInput = Joi.string()
  .pattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/, 'instant')
  .custom((value: string, helpers) =>
    Number.isNaN(Date.parse(value)) ? helpers.error('any.invalid') : value,
  );
const note = text(LIMITS.noteMax).allow('', null);

const content = {
  kindId: listId.required(),
  title: filled(LIMITS.titleMax),
  text: text(LIMITS.textMax).allow('').required(),
  skillIds: Joi.array().items(listId).unique().max(LIMITS.skillsPerRequestMax),
  urgency: Joi.string()
    .valid(...URGENCIES)
    .required(),
  when: Joi.object({
    asap: Joi.boolean().required(),
    windows: Joi.array()
      .items(Joi.object({ from: instantInput.required(), to: instantInput.required() }))
      .max(LIMITS.windowsMax)
      .required(),
  }).required(),
  minutes: Joi.number().integer().min(LIMITS.minutesMin).max(LIMITS.minutesMax),
  helpersNeeded: Joi.number().integer().min(1).max(LIMITS.helpersNeededMax),
  languages: Joi.array().items(languageSchema).unique().max(3),
  constraints: Joi.object({
    genderWish: Joi.string().valid('woman', 'man').allow(null).required(),
    twoHelpers: Joi.boolean().required(),
    noHomeEntry: Joi.boolean().required(),
  }),
  buildingId: Joi.string().max(64),
  visit: Joi.object({
    door: text(LIMITS.doorMax).allow(''),
    phone: text(32).allow(''),
    contactName: text(LIMITS.contactNameMax).allow(''),
    notes: text(LIMITS.visitNotesMax).allow(''),
  }),
  language: languageSchema.required(),
};

export const createBody = Joi.object<HelpRequestInput>({
  ...content,
  beneficiaryId: Joi.string().max(64),
  submit: Joi.boolean(),
});
export const editBody = Joi.object<HelpRequestInput & { version: number }>({
  ...content,
  version: Joi.number().integer().min(1).required(),
});
export const emptyBody = Joi.object<Record<string, never>>({});
export const noteBody = Joi.object<{ note?: string | null }>({ note });
export const cancelBody = Joi.object<{ reason: ClosingReason; note?: string | null }>({
  reason: Joi.string()
    .valid(...CLOSING_REASONS)
    .required(),
  note: whenOther(note),
});
export const reviewBody = Joi.object<{ reason: ReviewReason; note?: string | null }>({
  reason: Joi.string()
    .valid(...REVIEW_REASONS)
    .required(),
  note: whenOther(note),
});
export const disputeBody = Joi.object<{ note: string }, true>({
  note: filled(LIMITS.noteMax),
});
export const settleBody = Joi.object<{
  outcome: 'completed' | 'cancelled' | 'matching';
  note?: string | null;
}>({
  outcome: Joi.string().valid('completed', 'cancelled', 'matching').required(),
  note,
});
export const thanksBody = Joi.object<{ text: string }, true>({
  text: filled(LIMITS.thanksMax),
});
export const offerBody = Joi.object<{ helperId: string }, true>({ helperId: idSchema });
export const volunteerBody = Joi.object<{ startsAt?: string | null }>({ startsAt: instantInput.allow(null) });
export const revealBody = Joi.object<{ purpose: string }, true>({
  purpose: filled(LIMITS.noteMax),
});

export interface ListRequestsQuery {
  view: 'board' | 'mine' | 'staff';
  kindId?: string;
  placeId?: string;
  urgency?: Urgency;
  status?: RequestStatus[];
  needsPerson?: boolean;
  cursor?: string;
  limit: number;
}
export const listRequestsQuery = Joi.object<ListRequestsQuery>({
  view: Joi.string().valid('board', 'mine', 'staff').default('board'),
  kindId: listId,
  placeId: Joi.string().max(100),
  urgency: Joi.string().valid(...URGENCIES),
  /** One, or several as `status=open&status=matching`. */
  status: Joi.array()
    .items(Joi.string().valid(...REQUEST_STATUSES))
    .single()
    .unique()
    .max(REQUEST_STATUSES.length),
  needsPerson: Joi.boolean(),
  ...pageQuery,
});
export const pageOnlyQuery = Joi.object<{ cursor?: string; limit: number }>({ ...pageQuery });
export const candidatesQuery = Joi.object<{ helperId?: string }>({ helperId: Joi.string().max(64) });

/** "Other" needs a word of explanation. */
function whenOther(words: Joi.StringSchema): Joi.StringSchema {
  return words.when('reason', { not: 'other_with_note', otherwise: filled(LIMITS.noteMax) });
}

/** A text with something in it. Bodies are taken as they come; the services trim. */
function filled(max: number): Joi.StringSchema {
  return text(max).pattern(/\S/, 'words').required();
}
