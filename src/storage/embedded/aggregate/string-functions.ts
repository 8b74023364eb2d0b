import { arrayValue, int32Value, NULL_VALUE, stringValue } from '../bson/build.ts';
import { wholeNumberOf } from '../bson/number.ts';
import type { RawValue } from '../bson/types.ts';
import { stringOf } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { exactly, isNullish, requireType, typeName } from './evaluate.ts';
import type { FunctionOperator, FunctionTable, Maybe } from './evaluate.ts';

function text(value: Maybe, code: number, message: string): string {
  return stringOf(requireType(value, 0x02, code, message));
}

function concat(values: readonly Maybe[]): RawValue {
  if (values.some(isNullish)) return NULL_VALUE;
  return stringValue(
    values.map((value) => text(value, 16702, '$concat only supports strings, not ')).join(''),
  );
}

/** MongoDB changes the case of ASCII letters only; null gives ''. */
function casing(change: (letters: string) => string, letters: RegExp, name: string): FunctionOperator {
  return exactly(1, ([value]) => {
    if (isNullish(value)) return stringValue('');
    return stringValue(text(value, 16007, `${name} needs a string, not `).replace(letters, change));
  });
}

function codePoints(value: Maybe, name: string): string[] {
  return Array.from(text(value, 16034, `${name} needs a string, not `));
}

function substring([value, from, count]: readonly Maybe[]): RawValue {
  if (isNullish(value)) return stringValue('');
  const start = wholeNumberOf(from);
  const length = wholeNumberOf(count);
  if (start === undefined || length === undefined) {
    throw storeError(34450, '$substrCP: starting index and length must be whole numbers');
  }
  if (start < 0) throw storeError(34455, '$substrCP: the starting index must be nonnegative integer.');
  if (length < 0) throw storeError(34454, '$substrCP: length must be a nonnegative integer.');
  return stringValue(
    codePoints(value, '$substrCP')
      .slice(start, start + length)
      .join(''),
  );
}

function split([value, separator]: readonly Maybe[]): RawValue {
  if (isNullish(value) || isNullish(separator)) return NULL_VALUE;
  const whole = text(value, 40085, '$split requires an expression that evaluates to a string, found: ');
  const between = text(separator, 40086, '$split requires a string as a separator, found: ');
  if (between === '') throw storeError(40087, '$split requires a non-empty separator');
  return arrayValue(whole.split(between).map(stringValue));
}

function indexOf([value, wanted, from]: readonly Maybe[]): RawValue {
  if (isNullish(value)) return NULL_VALUE;
  const letters = codePoints(value, '$indexOfCP');
  const start = from === undefined ? 0 : wholeNumberOf(from);
  if (start === undefined || start < 0)
    throw storeError(40097, '$indexOfCP requires a nonnegative start index');
  const token = text(wanted, 40094, '$indexOfCP requires a string as the second argument, found: ');
  const rest = letters.slice(start).join('');
  const at = rest.indexOf(token);
  return int32Value(at < 0 || start > letters.length ? -1 : start + rest.slice(0, at).length);
}

const BLANKS = new Set(
  ' \t\n\v\f\r\0\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
);

/** Takes blanks, or the given characters, off the chosen ends. */
export function trimmed(value: Maybe, characters: Maybe, left: boolean, right: boolean): RawValue {
  if (isNullish(value)) return NULL_VALUE;
  const letters = Array.from(text(value, 50699, '$trim requires its input to be a string, got '));
  const unwanted = characters
    ? new Set(text(characters, 50700, '$trim requires `chars` to be a string, got '))
    : BLANKS;
  let start = 0;
  let end = letters.length;
  if (left) while (start < end && unwanted.has(letters[start]!)) start++;
  if (right) while (end > start && unwanted.has(letters[end - 1]!)) end--;
  return stringValue(letters.slice(start, end).join(''));
}

/** Operators on text; positions and lengths count code points. */
export const STRING_FUNCTIONS: FunctionTable = {
  $concat: { least: 0, most: Infinity, run: concat },
  $toLower: casing((letters) => letters.toLowerCase(), /[A-Z]+/g, '$toLower'),
  $toUpper: casing((letters) => letters.toUpperCase(), /[a-z]+/g, '$toUpper'),
  $substrCP: exactly(3, substring),
  $strLenCP: exactly(1, ([value]) => {
    if (value?.type !== 0x02)
      throw storeError(34471, `$strLenCP requires a string argument, found: ${typeName(value)}`);
    return int32Value(Array.from(stringOf(value)).length);
  }),
  $split: exactly(2, split),
  $indexOfCP: { least: 2, most: 3, run: indexOf },
  $strcasecmp: exactly(2, ([a, b]) => {
    const [x, y] = [a, b].map((value) =>
      isNullish(value) ? '' : text(value, 16007, 'not a string: ').toUpperCase(),
    );
    return int32Value(Math.sign(Buffer.compare(Buffer.from(x!), Buffer.from(y!))));
  }),
};
