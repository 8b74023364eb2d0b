import { integerOf } from '../bson/arithmetic.ts';
import {
  boolValue,
  dateValue,
  doubleValue,
  int32Value,
  longValue,
  NULL_VALUE,
  stringValue,
} from '../bson/build.ts';
import { isTruthy, numberOf } from '../bson/number.ts';
import { isNumeric } from '../bson/types.ts';
import type { RawValue } from '../bson/types.ts';
import { stringOf } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { exactly, isNullish, typeName } from './evaluate.ts';
import type { FunctionOperator, FunctionTable } from './evaluate.ts';
import { millisecondsOf } from './number-functions.ts';

function failure(value: RawValue, target: string): Error {
  return storeError(
    241,
    `Failed to convert ${typeName(value)} to ${target} in $convert with no onError value`,
  );
}

function conversion(target: string, convert: (value: RawValue) => RawValue | undefined): FunctionOperator {
  return exactly(1, ([value]) => {
    if (isNullish(value)) return NULL_VALUE;
    const converted = convert(value);
    if (!converted) throw failure(value, target);
    return converted;
  });
}

function hex(value: RawValue): string {
  return Buffer.from(value.bytes.subarray(value.start, value.end)).toString('hex');
}

function toText(value: RawValue): RawValue | undefined {
  switch (value.type) {
    case 0x02:
      return value;
    case 0x01:
      return stringValue(String(numberOf(value)));
    case 0x10:
    case 0x12:
      return stringValue(integerOf(value).toString());
    case 0x07:
      return stringValue(hex(value));
    case 0x08:
      return stringValue(String(value.bytes[value.start] === 1));
    case 0x09:
      return stringValue(new Date(millisecondsOf(value)).toISOString());
    default:
      return undefined;
  }
}

/** The whole number in a value, cut towards zero; undefined when it has none. */
function wholeOf(value: RawValue): bigint | undefined {
  if (value.type === 0x08) return BigInt(value.bytes[value.start]!);
  if (value.type === 0x10 || value.type === 0x12) return integerOf(value);
  if (value.type === 0x02)
    return /^[+-]?\d+$/.test(stringOf(value)) ? BigInt(stringOf(value).replace(/^\+/, '')) : undefined;
  if (value.type !== 0x01) return undefined;
  const double = numberOf(value)!;
  return Number.isFinite(double) ? BigInt(Math.trunc(double)) : undefined;
}

function toWhole(bits: 32 | 64, acceptsDates: boolean): (value: RawValue) => RawValue | undefined {
  return (value) => {
    const whole = acceptsDates && value.type === 0x09 ? BigInt(millisecondsOf(value)) : wholeOf(value);
    if (whole === undefined || whole !== BigInt.asIntN(bits, whole)) return undefined;
    return bits === 32 ? int32Value(Number(whole)) : longValue(whole);
  };
}

function toDouble(value: RawValue): RawValue | undefined {
  if (value.type === 0x09) return doubleValue(millisecondsOf(value));
  if (value.type === 0x08) return doubleValue(value.bytes[value.start]!);
  if (isNumeric(value.type) && value.type !== 0x13) return doubleValue(numberOf(value)!);
  if (value.type !== 0x02) return undefined;
  const text = stringOf(value);
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? doubleValue(Number(text)) : undefined;
}

function toDate(value: RawValue): RawValue | undefined {
  if (value.type === 0x09) return value;
  if (value.type === 0x07) return dateValue(Buffer.from(value.bytes).readUInt32BE(value.start) * 1000);
  if (value.type === 0x12 || value.type === 0x01) {
    const whole = wholeOf(value);
    return whole === undefined ? undefined : dateValue(whole);
  }
  const text = value.type === 0x02 ? stringOf(value) : '';
  const iso = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  if (!iso) return undefined;
  // Without a zone MongoDB reads UTC.
  const time = Date.parse(iso[1] && !iso[4] ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : dateValue(time);
}

function toObjectId(value: RawValue): RawValue | undefined {
  if (value.type === 0x07) return value;
  if (value.type !== 0x02 || !/^[0-9a-fA-F]{24}$/.test(stringOf(value))) return undefined;
  return { type: 0x07, bytes: Buffer.from(stringOf(value), 'hex'), start: 0, end: 12 };
}

/** Type tests and conversions; a value that cannot be converted is error 241. */
export const TYPE_FUNCTIONS: FunctionTable = {
  $type: exactly(1, ([value]) => stringValue(typeName(value))),
  $isNumber: exactly(1, ([value]) => boolValue(value !== undefined && isNumeric(value.type))),
  $toString: conversion('string', toText),
  $toInt: conversion('int', toWhole(32, false)),
  $toLong: conversion('long', toWhole(64, true)),
  $toDouble: conversion('double', toDouble),
  $toBool: conversion('bool', (value) => boolValue(isTruthy(value))),
  $toDate: conversion('date', toDate),
  $toObjectId: conversion('objectId', toObjectId),
};
