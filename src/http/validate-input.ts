import type { Schema, ValidationErrorItem } from 'joi';
import { AppError, type FieldError } from '../errors.ts';
import { LIMITS } from '../shared/limits.ts';
import { escapePointer } from './input-checks.ts';

/** Where the value came from: a body's errors are JSON pointers, a query's are `?name`, a path's are `:name`. */
export type InputPart = 'body' | 'query' | 'params';

/**
 * Checks a value against its schema and returns the checked value with defaults filled in. All errors at once, at
 * most 50. Unknown fields are refused. Bodies keep their JSON types (the text "5" is not the number 5); query and
 * path values arrive as text and may become numbers, booleans and dates.
 */
export function validateInput(schema: Schema, part: InputPart, value: unknown): unknown {
  const result = schema.validate(value, {
    abortEarly: false,
    allowUnknown: false,
    convert: part !== 'body',
    errors: { label: false, wrap: { label: false } },
  });
  if (result.error === undefined) return result.value as unknown;
  throw invalidInput(result.error.details.map((item) => toFieldError(part, item)));
}

/** A path that names nothing real is simply not found, so that ids of other shapes tell nothing. */
export function validateParams(schema: Schema | undefined, value: unknown): unknown {
  if (schema === undefined) return value;
  const result = schema.validate(value, { abortEarly: true, convert: true });
  if (result.error !== undefined) throw new AppError('not-found', 'There is nothing at this address.');
  return result.value as unknown;
}

export function invalidInput(errors: readonly FieldError[]): AppError {
  return new AppError('invalid-input', 'Look at the fields listed and send again.', {
    errors: errors.slice(0, LIMITS.problemErrorsMax),
  });
}

function toFieldError(part: InputPart, item: ValidationErrorItem): FieldError {
  const path = item.path.map((step) => escapePointer(String(step)));
  const pointer =
    part === 'body'
      ? path.map((step) => `/${step}`).join('')
      : `${part === 'query' ? '?' : ':'}${path.join('/')}`;
  return { pointer, code: item.type, detail: item.message };
}
