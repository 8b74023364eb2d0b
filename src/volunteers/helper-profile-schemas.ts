import Joi from 'joi';
import { instantSchema, languageSchema, publicPlaceSchema, weekSpans } from '../http/view-schemas.ts';
import { LIMITS } from '../shared/limits.ts';
import type { HelperProfile } from './helper-profile-model.ts';

/** What a volunteer may say about themselves; the rest is the centre's. */
export interface HelperProfileInput {
  skills: { skillId: string; level: 1 | 2 | 3 }[];
  weekly: HelperProfile['weekly'];
  radiusMetres: number;
  maxTasks: number;
  maxOffersPerDay: number;
  languages: HelperProfile['languages'];
  quietHours: HelperProfile['quietHours'];
  breaksQuietHoursForCritical: boolean;
  kindsNotDone: string[];
  gender: HelperProfile['gender'];
  automaticRanking: boolean;
  /** The version that was read; 0 for the first saving. */
  version: number;
}

const listId = Joi.string().max(40);
const level = Joi.number().valid(1, 2, 3).required();
const dayMinute = Joi.number().integer().min(0).max(1_440).required();
const quietHours = Joi.object({ from: dayMinute, to: dayMinute }).allow(null).required();
const gender = Joi.string().valid('woman', 'man').allow(null).required();
const offer = {
  weekly: weekSpans(60).required(),
  radiusMetres: Joi.number().integer().min(LIMITS.radiusMetresMin).max(LIMITS.radiusMetresMax).required(),
  maxTasks: Joi.number().integer().min(1).max(LIMITS.maxTasksMax).required(),
  maxOffersPerDay: Joi.number().integer().min(1).max(LIMITS.offersPerDayMax).required(),
  languages: Joi.array().items(languageSchema).unique().min(1).max(3).required(),
  quietHours,
  breaksQuietHoursForCritical: Joi.boolean().required(),
  kindsNotDone: Joi.array().items(listId).unique().max(40).required(),
  gender,
  automaticRanking: Joi.boolean().required(),
};

export const helperProfileBody = Joi.object<HelperProfileInput>({
  ...offer,
  skills: Joi.array()
    .items(Joi.object({ skillId: listId.required(), level }))
    .unique('skillId')
    .max(20)
    .required(),
  version: Joi.number().integer().min(0).required(),
});

export const dutyBody = Joi.object<{ onDuty: boolean }, true>({ onDuty: Joi.boolean().required() });

export const helperProfileResponse = Joi.object({
  ...offer,
  accountId: Joi.string().required(),
  status: Joi.string().valid('none', 'waiting', 'approved', 'refused').required(),
  trustTier: Joi.number().valid(0, 1, 2, 3).required(),
  skills: Joi.array()
    .items(Joi.object({ skillId: listId.required(), level, verified: Joi.boolean().required() }))
    .required(),
  isOnDuty: Joi.boolean().required(),
  publicPlace: publicPlaceSchema,
  load: Joi.object({
    activeTasks: Joi.number().required(),
    openOffers: Joi.number().required(),
    offersToday: Joi.number().required(),
  }).required(),
  nextOfferNotBefore: instantSchema.allow(null),
  version: Joi.number().integer().min(0).required(),
}).required();
