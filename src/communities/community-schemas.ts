import Joi from 'joi';
import { text, localisedText, positionInputSchema, positionSchema, weekSpans } from '../http/view-schemas.ts';
import { LANGUAGES } from '../shared/vocabulary.ts';
import type { BuildingsInput } from './buildings-input.ts';
import type { Community } from './community-types.ts';

const name = localisedText(40).min(1).required();
const key = Joi.string()
  .pattern(/^[a-z0-9][a-z0-9-]{0,39}$/, 'key')
  .required();
const phone = Joi.string()
  .pattern(/^\+?[0-9][0-9 ()-]{2,24}$/, 'phone')
  .required();
const timeZone = Joi.string()
  .max(64)
  .custom((value: string, helpers) => (isZone(value) ? value : helpers.error('any.invalid')));
const tier = Joi.number().valid(0, 1, 2, 3).required();
const usualMinutes = Joi.number().integer().min(5).max(480).required();

const kindInput = Joi.object({
  id: key,
  icon: key,
  name,
  hint: localisedText(80).required(),
  tier,
  needsReview: Joi.boolean().required(),
  defaultSkillIds: Joi.array().items(key.optional()).max(5).required(),
  usualMinutes,
});
const skillInput = Joi.object({ id: key, name, mustBeVerified: Joi.boolean().required() });

/** The parts of a community that the centre writes itself. */
const settings = {
  name,
  languages: Joi.array()
    .items(Joi.string().valid(...LANGUAGES))
    .unique()
    .min(1)
    .required(),
  timeZone: timeZone.required(),
  secondTimeZone: timeZone.allow(null).required(),
  openingHours: weekSpans(28).required(),
  holidays: Joi.array()
    .items(Joi.string().pattern(/^\d{4}-\d\d-\d\d$/, 'date'))
    .max(60)
    .required(),
  centrePhone: phone,
  emergencyNumbers: Joi.array()
    .items(
      Joi.object({
        number: Joi.string()
          .pattern(/^[0-9]{3,15}$/, 'phone')
          .required(),
        name,
      }),
    )
    .max(8)
    .required(),
  centrePoint: positionInputSchema,
  kindsOfHelp: Joi.array().items(kindInput).unique('id').min(1).max(40).required(),
  skills: Joi.array().items(skillInput).unique('id').min(1).max(100).required(),
};
export type CommunitySettings = Pick<Community, keyof typeof settings>;

export const communityUpdateBody = Joi.object<CommunitySettings & { version: number }>({
  ...settings,
  version: Joi.number().integer().min(1).required(),
});

const building = Joi.object({
  name: Joi.string().max(80).required(),
  households: Joi.number().integer().min(0).max(5000).allow(null),
  zone: Joi.string().max(40).allow('', null),
  point: positionInputSchema.optional(),
  footprint: Joi.object({ type: Joi.string().required(), coordinates: Joi.array().required() }).allow(null),
});
/** GeoJSON is checked feature by feature in `buildings-input.ts`, so that each mistake names its feature. */
const geoJson = Joi.object({
  type: Joi.string().required(),
  features: Joi.array()
    .items(
      Joi.object({
        type: Joi.string().required(),
        geometry: Joi.object({ type: Joi.string().required(), coordinates: Joi.array().required() })
          .unknown(true)
          .allow(null)
          .required(),
        properties: Joi.object().unknown(true).allow(null).required(),
      }).unknown(true),
    )
    .max(2000)
    .required(),
}).unknown(true);
export const buildingsInput = Joi.object<BuildingsInput>({
  list: Joi.array().items(building).max(2000),
  geoJson,
}).xor('list', 'geoJson');

export const buildingsBody = Joi.object<{ buildings: BuildingsInput; version: number }>({
  buildings: buildingsInput.required(),
  version: Joi.number().integer().min(1).required(),
});

export interface SetupInput {
  readonly setupCode: string;
  readonly slug: string;
  readonly community: CommunitySettings;
  readonly buildings: BuildingsInput;
  readonly administrator: {
    readonly signInName: string;
    readonly displayName: string;
    readonly passphrase: string;
    readonly language: (typeof LANGUAGES)[number];
  };
}

/** The administrator's fields are checked by the same rules as any sign-up; see `accounts`. */
export const setupBody = Joi.object<SetupInput>({
  setupCode: Joi.string().max(40).required(),
  slug: key,
  community: Joi.object(settings).required(),
  buildings: buildingsInput.required(),
  administrator: Joi.object({
    signInName: Joi.string().max(64).required(),
    displayName: text(30).trim().min(1).required(),
    passphrase: Joi.string().max(1024).required(),
    language: Joi.string()
      .valid(...LANGUAGES)
      .required(),
  }).required(),
});

const featureCollection = Joi.object().unknown(true).allow(null).required();
export const communityResponse = Joi.object({
  id: Joi.string().required(),
  slug: Joi.string().required(),
  ...settings,
  isOpenNow: Joi.boolean().required(),
  nextOpening: Joi.string().isoDate().allow(null).required(),
  zones: Joi.array()
    .items(Joi.object({ id: Joi.string().required(), name: localisedText().required() }))
    .required(),
  buildings: Joi.array()
    .items(
      Joi.object({
        id: Joi.string().required(),
        name: localisedText().required(),
        footprint: Joi.object({
          type: Joi.string().valid('Polygon').required(),
          coordinates: Joi.array().required(),
        })
          .allow(null)
          .required(),
        point: positionSchema,
        zoneId: Joi.string().allow(null).required(),
      }),
    )
    .required(),
  plan: featureCollection,
  counts: Joi.array()
    .items(Joi.object({ kindId: Joi.string().required(), open: Joi.number().integer().min(0).required() }))
    .required(),
  openCount: Joi.number().integer().min(0).required(),
  doneThisWeek: Joi.number().integer().min(0).required(),
  isDemo: Joi.boolean().required(),
}).required();

/** What the administrator's page reads: the settings, the version, and household counts of the buildings. */
export const settingsResponse = Joi.object({
  ...settings,
  version: Joi.number().integer().min(1).required(),
  buildings: Joi.array()
    .items(
      Joi.object({
        name: localisedText().required(),
        households: Joi.number().integer().min(0).allow(null).required(),
        zone: localisedText().allow(null).required(),
        hasFootprint: Joi.boolean().required(),
      }),
    )
    .required(),
}).required();

export const setupResponse = Joi.object({
  isDone: Joi.boolean().required(),
  defaults: Joi.object({ kindsOfHelp: Joi.array().required(), skills: Joi.array().required() }).required(),
}).required();

function isZone(timeZoneName: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: timeZoneName }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
