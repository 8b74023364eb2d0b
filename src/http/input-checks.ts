import { AppError, type FieldError } from '../errors.ts';

/** What a body may look like before any schema sees it. */
export interface BodyShape {
  readonly depthMax: number;
  readonly keysMax: number;
  readonly itemsMax: number;
}

/** Every ordinary route. */
export const ORDINARY_SHAPE: BodyShape = { depthMax: 10, keysMax: 200, itemsMax: 100 };
/** Routes that take the community's buildings. */
export const PLAN_SHAPE: BodyShape = { depthMax: 12, keysMax: 60_000, itemsMax: 20_000 };

interface Count {
  keys: number;
}

/**
 * Throws `malformed-body` for a value that is deeper, wider or longer than the shape allows. Iterates with its own
 * stack, so that 15,000 levels do not end the process.
 */
export function checkShape(value: unknown, shape: BodyShape): void {
  const stack: { value: unknown; depth: number }[] = [{ value, depth: 1 }];
  const count: Count = { keys: 0 };
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    if (typeof entry.value !== 'object' || entry.value === null) continue;
    if (entry.depth > shape.depthMax)
      throw malformed(`It is nested deeper than ${String(shape.depthMax)} levels.`);
    for (const child of childrenOf(entry.value, shape, count))
      stack.push({ value: child, depth: entry.depth + 1 });
  }
}

function childrenOf(value: object, shape: BodyShape, count: Count): unknown[] {
  if (Array.isArray(value)) {
    if (value.length > shape.itemsMax)
      throw malformed(`A list holds more than ${String(shape.itemsMax)} entries.`);
    return value;
  }
  const children = Object.values(value);
  count.keys += children.length;
  if (count.keys > shape.keysMax) throw malformed(`It holds more than ${String(shape.keysMax)} fields.`);
  return children;
}

function malformed(detail: string): AppError {
  return new AppError('malformed-body', detail);
}

/** Names that could reach a prototype or be read as an operator or a path by the store. */
const BAD_KEY = /^(?:__proto__|constructor|prototype)$|^\$|\.|\0/;
/** C0 controls except tab and line feed, DEL, C1, and halves of surrogate pairs. */
// oxlint-disable-next-line no-control-regex -- finding them is the point
const BAD_CHARACTER = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uD800-\uDFFF\uFFFE\uFFFF]/u;
/** Bidirectional overrides, embeddings and isolates, and invisible characters that only hide or join. */
const INVISIBLE = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C\u200B\u2060\uFEFF\u00AD]/gu;
/** Five or more marks on one letter: no language writes so. */
const MARK_FLOOD = /\p{M}{5,}/u;

/**
 * The same value with every text in NFC, line ends as `\n`, and direction controls and invisible characters taken
 * out (zero-width joiner and non-joiner stay: scripts need them). Finds forbidden field names, control characters,
 * lone surrogates and floods of marks; each becomes a FieldError at its pointer. Call `checkShape` first.
 */
export function cleanTexts(value: unknown): {
  readonly value: unknown;
  readonly errors: readonly FieldError[];
} {
  const errors: FieldError[] = [];
  return { value: clean(value, '', errors), errors };
}

function clean(value: unknown, pointer: string, errors: FieldError[]): unknown {
  if (typeof value === 'string') return cleanText(value, pointer, errors);
  if (typeof value === 'number') return Object.is(value, -0) ? 0 : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((item, index) => clean(item, `${pointer}/${String(index)}`, errors));
  const cleaned: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const here = `${pointer}/${escapePointer(name)}`;
    if (BAD_KEY.test(name)) {
      errors.push({ pointer: here, code: 'field-name', detail: 'This field name is not allowed.' });
    } else {
      cleaned[name] = clean(item, here, errors);
    }
  }
  return cleaned;
}

function cleanText(text: string, pointer: string, errors: FieldError[]): string {
  const plain = text.replaceAll(/\r\n?/g, '\n').normalize('NFC').replaceAll(INVISIBLE, '');
  if (BAD_CHARACTER.test(plain)) {
    errors.push({
      pointer,
      code: 'text-characters',
      detail: 'It holds control characters or broken characters.',
    });
  } else if (MARK_FLOOD.test(plain)) {
    errors.push({ pointer, code: 'text-marks', detail: 'It holds too many marks on one letter.' });
  }
  return plain;
}

/** RFC 6901. Control characters in a name are shown as `?`, so that a pointer is always printable. */
export function escapePointer(name: string): string {
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  return name
    .slice(0, 80)
    .replaceAll(/[\u0000-\u001F\u007F\uD800-\uDFFF]/gu, '?')
    .replaceAll('~', '~0')
    .replaceAll('/', '~1');
}
