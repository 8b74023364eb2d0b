import Joi from 'joi';
import { instantSchema, languageSchema, pageSchema, publicPlaceSchema } from '../http/view-schemas.ts';
import {
  ASSIGNMENT_STATUSES,
  CLOSING_REASONS,
  CONSEQUENCES,
  MATCH_STATUSES,
  NEEDS_PERSON_REASONS,
  NEXT_ACTORS,
  REQUEST_STATUSES,
  REVIEW_REASONS,
  TIMELINE_TYPES,
  URGENCIES,
} from '../shared/vocabulary.ts';

const id = Joi.string().required();
const count = Joi.number().integer().min(0).required();
const flag = Joi.boolean().required();
const words = Joi.string().allow('').required();
const instantOrNull = instantSchema.allow(null);
const oneOf = (values: readonly string[]): Joi.StringSchema =>
  Joi.string()
    .valid(...values)
    .required();

const constraints = Joi.object({
  genderWish: Joi.string().valid('woman', 'man').allow(null).required(),
  twoHelpers: flag,
  noHomeEntry: flag,
}).required();

const cardFields = {
  id,
  shortNumber: count,
  kindId: id,
  title: words,
  language: languageSchema.required(),
  urgency: oneOf(URGENCIES),
  status: oneOf(REQUEST_STATUSES),
  when: Joi.object({
    asap: flag,
    windows: Joi.array()
      .items(Joi.object({ from: instantSchema, to: instantSchema }))
      .required(),
  }).required(),
  place: publicPlaceSchema,
  aboutMetres: Joi.number().integer().min(0).allow(null).required(),
  helpersNeeded: count,
  helpersFound: count,
  isReviewed: flag,
  createdAt: instantSchema,
  openedAt: instantOrNull,
  canVolunteer: flag,
};
export const cardSchema = Joi.object(cardFields).required();

export const visitSchema = Joi.object({ door: words, phone: words, contactName: words, notes: words });

export const helpRequestSchema = Joi.object({
  ...cardFields,
  text: words,
  skillIds: Joi.array().items(Joi.string()).required(),
  minutes: count,
  languages: Joi.array().items(languageSchema).required(),
  constraints,
  relation: Joi.array()
    .items(
      Joi.string().valid(
        'author',
        'beneficiary',
        'proxy',
        'asked_helper',
        'accepted_helper',
        'member',
        'staff',
      ),
    )
    .required(),
  nextAction: Joi.object({
    who: oneOf(NEXT_ACTORS),
    dueAt: instantOrNull,
    ifLate: oneOf(CONSEQUENCES),
  }).required(),
  version: count,
  closingReason: Joi.string()
    .valid(...CLOSING_REASONS)
    .allow(null)
    .required(),
  review: Joi.object({ reason: oneOf(REVIEW_REASONS), note: Joi.string().allow('', null).required() })
    .allow(null)
    .required(),
  helpers: Joi.array().items(
    Joi.object({
      assignmentId: id,
      helperId: id,
      displayName: words,
      verifiedSkillIds: Joi.array().items(Joi.string()).required(),
      languages: Joi.array().items(languageSchema).required(),
      status: oneOf(ASSIGNMENT_STATUSES),
      startsAt: instantSchema,
    }),
  ),
  codeWord: Joi.string(),
  authorName: Joi.string().allow(''),
  wave: Joi.object({ no: count, told: count, reached: count, closesAt: instantOrNull }).allow(null),
  needsPerson: Joi.object({
    reason: oneOf(NEEDS_PERSON_REASONS),
    since: instantSchema,
    takenOverAt: instantOrNull,
  }).allow(null),
  allowed: Joi.array().items(Joi.string()).required(),
  visit: visitSchema,
  myMatchId: Joi.string(),
  myAssignmentId: Joi.string(),
  thanks: Joi.object({ text: words, at: instantSchema }).allow(null),
}).required();

export const requestPageSchema = pageSchema(Joi.alternatives(helpRequestSchema, cardSchema));

const warnings = Joi.array()
  .items(
    Joi.object({
      field: oneOf(['title', 'text']),
      kind: oneOf(['phone', 'door', 'id_number']),
      start: count,
      end: count,
    }),
  )
  .required();

export const previewSchema = Joi.object({
  card: cardSchema,
  text: words,
  constraints,
  warnings,
  goesLiveAtOnce: flag,
  reviewDueAt: instantOrNull,
  isOpenNow: flag,
  nextOpening: instantOrNull,
}).required();

export const reviewPageSchema = pageSchema(
  Joi.object({
    request: helpRequestSchema,
    authorName: words,
    waitingSince: instantSchema,
    dueAt: instantSchema,
    isLate: flag,
    isAfterwards: flag,
    warnings,
  }),
);

export const timelinePageSchema = pageSchema(
  Joi.object({
    id,
    at: instantSchema,
    type: oneOf(TIMELINE_TYPES),
    actor: oneOf(['author', 'helper', 'staff', 'system']),
    params: Joi.object()
      .pattern(Joi.string(), Joi.alternatives(Joi.string().allow(''), Joi.number()))
      .required(),
  }),
);

export const accessLogPageSchema = pageSchema(
  Joi.object({
    id,
    at: instantSchema,
    readerRole: oneOf(['helper', 'staff']),
    readerName: words,
    fields: Joi.array().items(Joi.string()).required(),
    purpose: Joi.string().allow(null).required(),
  }),
);

/** A reason is a key with at most one value; the dictionaries make the sentence. */
export const reasonSchema = Joi.object({
  key: id,
  metres: Joi.number(),
  skillId: Joi.string(),
  language: Joi.string(),
});

const parts = Joi.object({
  skillAndLanguage: Joi.number().required(),
  near: Joi.number().required(),
  free: Joi.number().required(),
  keepsPromises: Joi.number().required(),
  fairTurn: Joi.number().required(),
}).required();

export const candidatesSchema = Joi.object({
  requestId: id,
  eligibleCount: count,
  candidates: Joi.array()
    .items(
      Joi.object({
        helperId: id,
        displayName: words,
        metres: count,
        score: Joi.number().required(),
        parts,
        reasons: Joi.array().items(reasonSchema).required(),
        match: Joi.object({
          id,
          status: oneOf(MATCH_STATUSES),
          waveNo: count,
          at: instantSchema,
          reached: flag,
        })
          .allow(null)
          .required(),
        nextWave: flag,
      }),
    )
    .required(),
  refusedCounts: Joi.object().pattern(Joi.string(), count).required(),
  waves: Joi.array()
    .items(
      Joi.object({
        no: count,
        sentAt: instantSchema,
        closesAt: instantSchema,
        told: count,
        reached: count,
        declined: count,
        seen: count,
        lapsed: count,
      }),
    )
    .required(),
  nextWave: Joi.object({
    no: count,
    helperIds: Joi.array().items(Joi.string()).required(),
    dueAt: instantOrNull,
    stop: Joi.string().allow(null).required(),
  }).required(),
  why: Joi.object({ helperId: id, refusals: Joi.array().items(Joi.string()).required() }).allow(null),
}).required();

export const matchSchema = Joi.object({
  id,
  status: oneOf(MATCH_STATUSES),
  request: Joi.object({
    ...cardFields,
    text: words,
    minutes: count,
    skillIds: Joi.array().items(Joi.string()).required(),
    constraints,
  }).required(),
  offeredAt: instantSchema,
  answerBy: instantSchema,
  proposedStartsAt: instantSchema,
  reasons: Joi.array().items(reasonSchema).required(),
  helpedThisNeighbourBefore: flag,
}).required();

export const assignmentSchema = Joi.object({
  id,
  requestId: id,
  status: oneOf(ASSIGNMENT_STATUSES),
  slot: oneOf(['primary', 'backup']),
  startsAt: instantSchema,
  expectedEnd: instantSchema,
  checkedInAt: instantOrNull,
  doneAt: instantOrNull,
  codeWord: words,
  request: helpRequestSchema,
  canReveal: flag,
  allowed: Joi.array().items(Joi.string()).required(),
}).required();
