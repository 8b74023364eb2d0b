import Joi from 'joi';
import { ID_PATTERN } from '../ids.ts';
import {
  instantSchema,
  languageSchema,
  pageQuery,
  pageSchema,
  publicPlaceSchema,
  text,
} from '../http/view-schemas.ts';
import { LIMITS } from '../shared/limits.ts';
import { ACCOUNT_STATUSES, RISK_TIERS, ROLES } from '../shared/vocabulary.ts';
import type { ApprovalInput } from './membership-service.ts';
import type { OwnAccountInput } from './own-account-service.ts';
import type { PhoneOnlyPerson, Registration } from './registration-rules.ts';

const mode = Joi.string().valid('normal', 'elder');
const tier = Joi.number().valid(...RISK_TIERS);
const slug = Joi.string().max(40);
/** Any typed passphrase: its rules speak in words of their own, in `passphrase-rules.ts`. */
const passphrase = Joi.string()
  .max(4 * LIMITS.passphraseMax)
  .required();
/** One line, not only blanks. */
const displayName = text(LIMITS.displayNameMax).pattern(/^[^\n\t]*\S[^\n\t]*$/, 'one line');
const door = text(LIMITS.doorMax).allow('');
const phone = Joi.string().max(40);
const buildingId = Joi.string().max(64).allow(null);

export const signInBody = Joi.object<{ signInName: string; passphrase: string; community?: string }>({
  signInName: Joi.string().max(64).required(),
  passphrase,
  community: slug,
}).required();
export const confirmBody = Joi.object<{ passphrase: string }>({ passphrase }).required();
export const codeBody = Joi.object<{ code: string }>({
  code: Joi.string()
    .pattern(/^\d{6}$/, 'six digits')
    .required(),
}).required();

export type RegisterInput = Registration & { readonly phoneOnly?: boolean; readonly community?: string };
export const registerBody = Joi.object<RegisterInput>({
  displayName: displayName.required(),
  signInName: Joi.string().max(64),
  phone,
  passphrase: Joi.when('phoneOnly', { is: true, then: Joi.forbidden(), otherwise: passphrase }),
  language: languageSchema.required(),
  mode,
  buildingId,
  door,
  invitationCode: Joi.string().max(40),
  phoneOnly: Joi.boolean(),
  community: slug,
})
  .when(Joi.object({ phoneOnly: Joi.valid(true).required() }).unknown(true), {
    then: Joi.object({ phone: Joi.required(), signInName: Joi.forbidden(), invitationCode: Joi.forbidden() }),
  })
  .required();
/** Type guard of the two bodies of registerAccount. */
export function isPhoneOnly(input: RegisterInput | PhoneOnlyPerson): input is PhoneOnlyPerson {
  return 'phoneOnly' in input && input.phoneOnly;
}

export const ownAccountBody = Joi.object<OwnAccountInput>({
  displayName: displayName.required(),
  phone: phone.allow(null, '').required(),
  door: door.allow(null).required(),
  contactName: text(LIMITS.contactNameMax).allow(null, '').required(),
  buildingId: buildingId.required(),
  version: Joi.number().integer().min(1).required(),
}).required();
export const settingsBody = Joi.object({ language: languageSchema, mode }).min(1).required();
export const passphraseBody = Joi.object<{ currentPassphrase: string; newPassphrase: string }>({
  currentPassphrase: passphrase,
  newPassphrase: passphrase,
}).required();

export const approveBody = Joi.object<ApprovalInput>({
  volunteer: Joi.boolean(),
  trustTier: tier,
  verifiedSkillIds: Joi.array().items(Joi.string().max(64)).max(50),
});
export const noteBody = Joi.object<{ note?: string }>({ note: text(LIMITS.noteMax).allow('') });
export const rolesBody = Joi.object<{ roles: (typeof ROLES)[number][] }>({
  roles: Joi.array()
    .items(Joi.string().valid(...ROLES))
    .unique()
    .max(ROLES.length)
    .required(),
}).required();

export const accountsQuery = Joi.object({
  ...pageQuery,
  status: Joi.string().valid(...ACCOUNT_STATUSES),
  role: Joi.string().valid(...ROLES),
  asksToVolunteer: Joi.boolean(),
  phoneOnly: Joi.boolean(),
  cursor: Joi.string().pattern(ID_PATTERN, 'cursor'),
});
export const suggestionQuery = Joi.object({
  language: languageSchema,
  script: Joi.string().valid('latin', 'arabic').default('latin'),
});

const roles = Joi.array()
  .items(Joi.string().valid(...ROLES))
  .required();
const status = Joi.string()
  .valid(...ACCOUNT_STATUSES)
  .required();
export const sessionResponse = Joi.object({
  account: Joi.object({
    id: Joi.string().required(),
    displayName: Joi.string().required(),
    roles,
    status,
    language: languageSchema.required(),
    mode: mode.required(),
    trustTier: tier.required(),
    decisionNote: Joi.string().allow(null).required(),
  }).required(),
  factors: Joi.array()
    .items(Joi.string().valid('passphrase', 'totp', 'demo'))
    .required(),
  needsTotp: Joi.string().valid('enrol', 'verify').allow(null).required(),
  recentUntil: instantSchema.allow(null),
  cursor: Joi.number().integer().min(0).required(),
});
export const myAccountResponse = Joi.object({
  id: Joi.string().required(),
  signInName: Joi.string().allow('').required(),
  displayName: Joi.string().required(),
  language: languageSchema.required(),
  mode: mode.required(),
  roles,
  status,
  publicPlace: publicPlaceSchema,
  phone: Joi.string().allow(null).required(),
  door: Joi.string().allow(null).required(),
  contactName: Joi.string().allow(null).required(),
  buildingId: Joi.string().allow(null).required(),
  version: Joi.number().integer().required(),
}).required();
export const listItemResponse = Joi.object({
  id: Joi.string().required(),
  displayName: Joi.string().required(),
  roles,
  status,
  place: publicPlaceSchema,
  createdAt: instantSchema,
  asksToVolunteer: Joi.boolean().required(),
  hasPhoneOnly: Joi.boolean().required(),
  skills: Joi.array()
    .items(
      Joi.object({
        skillId: Joi.string().required(),
        level: Joi.number().valid(1, 2, 3).required(),
        verified: Joi.boolean().required(),
      }),
    )
    .required(),
  trustTier: tier.required(),
  decisionNote: Joi.string().allow(null).required(),
}).required();
export const accountsResponse = pageSchema(listItemResponse);
/** Signed up: the new session. Written down by staff: the new row. */
export const registerResponse = Joi.alternatives(sessionResponse, listItemResponse).required();
