import Joi, { type ArraySchema, type ObjectSchema, type Schema, type StringSchema } from 'joi';
import { ID_PATTERN } from '../ids.ts';
import { LIMITS } from '../shared/limits.ts';
import { LANGUAGES } from '../shared/vocabulary.ts';

/** An id of the service. */
export const idSchema = Joi.string().pattern(ID_PATTERN, 'id').required();
/** Path parameters of `/…/:id`. */
export const idParams = Joi.object<{ id: string }, true>({ id: idSchema });
export const languageSchema = Joi.string().valid(...LANGUAGES);
/** ISO 8601 in UTC, as views carry it. */
export const instantSchema = Joi.string()
  .pattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'instant')
  .required();
export const positionSchema = Joi.array()
  .ordered(Joi.number().min(-180).max(180).required(), Joi.number().min(-90).max(90).required())
  .required();
/** [longitude, latitude], and not 0,0: that is a form nobody filled in. */
export const positionInputSchema = positionSchema.custom((value: [number, number], helpers) =>
  value[0] === 0 && value[1] === 0 ? helpers.error('any.invalid') : value,
);
export const publicPlaceSchema = Joi.object({
  id: Joi.string().required(),
  kind: Joi.string().valid('building', 'zone', 'cell', 'centre').required(),
  name: localisedText().required(),
  point: positionSchema,
}).required();

/** A text in up to three languages; at least one for input. `max` in code points. */
export function localisedText(max = 120): ObjectSchema {
  return Joi.object(Object.fromEntries(LANGUAGES.map((language) => [language, text(max).trim()])));
}

/** A text of at most `max` code points; the empty text is refused unless `allow('')`. */
export function text(max: number): StringSchema {
  return Joi.string().custom((value: string, helpers) =>
    [...value].length > max ? helpers.error('string.max', { limit: max }) : value,
  );
}

export function pageSchema(item: Schema): ObjectSchema {
  return Joi.object({
    // A required item would make an empty page wrong.
    items: Joi.array().items(item.optional()).required(),
    nextCursor: Joi.string().allow(null).required(),
  }).required();
}

/** Query of a paged list. */
export const pageQuery = {
  cursor: Joi.string().max(200),
  limit: Joi.number().integer().min(1).max(LIMITS.pageSizeMax).default(LIMITS.pageSize),
};

/** Minutes of a day as half-open spans, `from` before `to`, at most `max` of them. */
export function weekSpans(max: number): ArraySchema {
  return Joi.array()
    .max(max)
    .items(
      Joi.object({
        day: Joi.number().integer().min(0).max(6).required(),
        from: Joi.number().integer().min(0).max(1_439).required(),
        to: Joi.number().integer().greater(Joi.ref('from')).max(1_440).required(),
      }),
    );
}
