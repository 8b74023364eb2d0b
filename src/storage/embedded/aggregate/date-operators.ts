import { boolValue, dateValue, int32Value, longValue, NULL_VALUE, stringValue } from '../bson/build.ts';
import { wholeNumberOf } from '../bson/number.ts';
import type { RawValue } from '../bson/types.ts';
import { arrayValues, getField, stringOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compileRegex, regexOf } from '../query/regex.ts';
import { isNullish, typeName } from './evaluate.ts';
import type { Evaluator, Maybe } from './evaluate.ts';
import { millisecondsOf } from './number-functions.ts';
import { namedArguments } from './special-forms.ts';
import type { SpecialForm } from './special-forms.ts';
import { trimmed } from './string-functions.ts';
import { formatDate, isoWeekOf, localTime, startOfUnit } from './zoned-time.ts';

function timeOf(value: Maybe): number {
  if (value?.type === 0x09) return millisecondsOf(value);
  if (value?.type === 0x07) return Buffer.from(value.bytes).readUInt32BE(value.start) * 1000;
  throw storeError(16006, `can't convert from BSON type ${typeName(value)} to Date`);
}

function zoneOf(value: Maybe): string {
  if (value?.type !== 0x02)
    throw storeError(40517, `timezone must evaluate to a string, found ${typeName(value)}`);
  return stringOf(value);
}

/** `{$year: date}` or `{$year: {date, timezone}}`: one number of the local calendar. */
function part(name: string, read: (local: Date) => number, isLong = false): SpecialForm {
  return (operand, compiler) => {
    const isNamed = operand.type === 0x03 && getField(subdocument(operand), 'date') !== undefined;
    const named = isNamed ? namedArguments(name, operand, ['date'], ['timezone']) : undefined;
    const [only, ...others] = operand.type === 0x04 ? arrayValues(operand) : [named?.get('date') ?? operand];
    if (!only || others.length > 0) throw storeError(40536, `${name} accepts exactly one argument`);
    const date = compiler.compile(only);
    const zone = optional(named?.get('timezone'), compiler.compile);
    return (frame) => {
      const value = date(frame);
      const zoneName = zone?.(frame);
      if (isNullish(value) || (zone && isNullish(zoneName))) return NULL_VALUE;
      const number = read(localTime(timeOf(value), zone ? zoneOf(zoneName) : 'UTC'));
      return isLong ? longValue(BigInt(number)) : int32Value(number);
    };
  };
}

function optional(
  value: RawValue | undefined,
  compile: (value: RawValue) => Evaluator,
): Evaluator | undefined {
  return value && compile(value);
}

const dateToString: SpecialForm = (operand, compiler) => {
  const named = namedArguments('$dateToString', operand, ['date'], ['format', 'timezone', 'onNull']);
  const date = compiler.compile(named.get('date')!);
  const format = optional(named.get('format'), compiler.compile);
  const zone = optional(named.get('timezone'), compiler.compile);
  const onNull = optional(named.get('onNull'), compiler.compile);
  return (frame) => {
    const value = date(frame);
    const zoneName = zone?.(frame);
    const pattern = format?.(frame);
    if (isNullish(value)) return onNull ? onNull(frame) : NULL_VALUE;
    if ((zone && isNullish(zoneName)) || (format && isNullish(pattern))) return NULL_VALUE;
    if (format && pattern!.type !== 0x02)
      throw storeError(18533, '$dateToString requires a string as format');
    const name = zone ? zoneOf(zoneName) : 'UTC';
    const text = format ? stringOf(pattern!) : zone ? '%Y-%m-%dT%H:%M:%S.%L' : '%Y-%m-%dT%H:%M:%S.%LZ';
    return stringValue(formatDate(timeOf(value), name, text));
  };
};

const dateTrunc: SpecialForm = (operand, compiler) => {
  const named = namedArguments(
    '$dateTrunc',
    operand,
    ['date', 'unit'],
    ['binSize', 'timezone', 'startOfWeek'],
  );
  const binSize = named.get('binSize');
  if (binSize && wholeNumberOf(binSize) !== 1)
    throw storeError(238, '$dateTrunc: only a binSize of 1 is supported');
  const date = compiler.compile(named.get('date')!);
  const unit = compiler.compile(named.get('unit')!);
  const zone = optional(named.get('timezone'), compiler.compile);
  const week = optional(named.get('startOfWeek'), compiler.compile);
  return (frame) => {
    const [value, unitName, zoneName, weekday] = [date(frame), unit(frame), zone?.(frame), week?.(frame)];
    if (isNullish(value) || isNullish(unitName) || (zone && isNullish(zoneName))) return NULL_VALUE;
    if (unitName.type !== 0x02) throw storeError(5439013, '$dateTrunc requires a string as unit');
    const startDay = weekday?.type === 0x02 ? stringOf(weekday) : 'sunday';
    return dateValue(
      startOfUnit(timeOf(value), stringOf(unitName), zone ? zoneOf(zoneName) : 'UTC', startDay),
    );
  };
};

const regexMatch: SpecialForm = (operand, compiler) => {
  const named = namedArguments('$regexMatch', operand, ['input', 'regex'], ['options']);
  const input = compiler.compile(named.get('input')!);
  const regex = named.get('regex')!;
  const options = named.get('options');
  if (regex.type !== 0x0b && (regex.type !== 0x02 || stringOf(regex).startsWith('$'))) {
    throw storeError(51105, '$regexMatch needs `regex` to be a constant string or regex');
  }
  const { run } =
    regex.type === 0x0b && !options
      ? regexOf(regex)
      : compileRegex(
          regex.type === 0x0b ? regexOf(regex).pattern : stringOf(regex),
          options ? stringOf(options) : '',
        );
  return (frame) => {
    const value = input(frame);
    if (isNullish(value)) return boolValue(false);
    if (value.type !== 0x02) throw storeError(51104, '$regexMatch needs `input` to be of type string');
    return boolValue(run.test(stringOf(value)));
  };
};

function trimForm(name: string, left: boolean, right: boolean): SpecialForm {
  return (operand, compiler) => {
    const named = namedArguments(name, operand, ['input'], ['chars']);
    const input = compiler.compile(named.get('input')!);
    const characters = optional(named.get('chars'), compiler.compile);
    return (frame) => {
      const chosen = characters?.(frame);
      return characters && isNullish(chosen) ? NULL_VALUE : trimmed(input(frame), chosen, left, right);
    };
  };
}

function dayOfYear(local: Date): number {
  return Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

/** Operators with named arguments on dates and text. */
export const DATE_OPERATORS: Readonly<Record<string, SpecialForm>> = {
  $year: part('$year', (local) => local.getUTCFullYear()),
  $month: part('$month', (local) => local.getUTCMonth() + 1),
  $dayOfMonth: part('$dayOfMonth', (local) => local.getUTCDate()),
  $dayOfYear: part('$dayOfYear', dayOfYear),
  $dayOfWeek: part('$dayOfWeek', (local) => local.getUTCDay() + 1),
  $isoDayOfWeek: part('$isoDayOfWeek', (local) => local.getUTCDay() || 7),
  $isoWeek: part('$isoWeek', (local) => isoWeekOf(local).week),
  $isoWeekYear: part('$isoWeekYear', (local) => isoWeekOf(local).year, true),
  $hour: part('$hour', (local) => local.getUTCHours()),
  $minute: part('$minute', (local) => local.getUTCMinutes()),
  $second: part('$second', (local) => local.getUTCSeconds()),
  $millisecond: part('$millisecond', (local) => local.getUTCMilliseconds()),
  $dateToString: dateToString,
  $dateTrunc: dateTrunc,
  $regexMatch: regexMatch,
  $trim: trimForm('$trim', true, true),
  $ltrim: trimForm('$ltrim', true, false),
  $rtrim: trimForm('$rtrim', false, true),
};
