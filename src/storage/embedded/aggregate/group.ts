import { arrayValue, createWriter, int32Value, NULL_VALUE } from '../bson/build.ts';
import { encodeComponent } from '../bson/key.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { elementsOf } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import type { Expression, FilterOptions } from '../query/nodes.ts';
import { averageAccumulator, extremeAccumulator, sumAccumulator } from './accumulate.ts';
import type { Accumulator } from './accumulate.ts';
import type { Maybe } from './evaluate.ts';
import { compileExpression } from './expression.ts';

function firstAccumulator(): Accumulator {
  let seen = false;
  let first: Maybe;
  return {
    add(value) {
      if (!seen) first = value;
      seen = true;
    },
    result: () => first ?? NULL_VALUE,
  };
}

function lastAccumulator(): Accumulator {
  let last: Maybe;
  return { add: (value) => void (last = value), result: () => last ?? NULL_VALUE };
}

function pushAccumulator(): Accumulator {
  const values: RawValue[] = [];
  return { add: (value) => void (value && values.push(value)), result: () => arrayValue(values) };
}

/** A set of values; equal numbers of different types count once. Given in the order first met. */
function setAccumulator(): Accumulator {
  const members = new Map<string, RawValue>();
  return {
    add(value) {
      const key = value && keyText(value);
      if (value && !members.has(key!)) members.set(key!, value);
    },
    result: () => arrayValue(members.values()),
  };
}

const ACCUMULATORS: Readonly<Record<string, () => Accumulator>> = {
  $sum: sumAccumulator,
  $avg: averageAccumulator,
  $min: () => extremeAccumulator(-1),
  $max: () => extremeAccumulator(1),
  $first: firstAccumulator,
  $last: lastAccumulator,
  $push: pushAccumulator,
  $addToSet: setAccumulator,
};

function keyText(value: RawValue): string {
  return Buffer.from(encodeComponent(value)).toString('latin1');
}

interface GroupField {
  readonly name: string;
  readonly create: () => Accumulator;
  readonly operand: Expression;
}

function fieldOf(name: string, value: RawValue, options: FilterOptions): GroupField {
  const [operator, ...others] = value.type === 0x03 ? elementsOf(value) : [];
  if (!operator) throw storeError(40234, `The field '${name}' must be an accumulator object`);
  if (others.length > 0) throw storeError(40238, `The field '${name}' must specify one accumulator`);
  if (name.includes('.')) throw storeError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) throw storeError(40236, `The field name '${name}' cannot be an operator name`);
  if (operator.name === '$count') {
    if (operator.value.type !== 0x03 || elementsOf(operator.value).length > 0) {
      throw storeError(9, '$count takes no arguments, i.e. $count:{}');
    }
    return { name, create: sumAccumulator, operand: () => int32Value(1) };
  }
  const create = Object.hasOwn(ACCUMULATORS, operator.name) ? ACCUMULATORS[operator.name] : undefined;
  if (!create) throw storeError(15952, `unknown group operator '${operator.name}'`);
  return { name, create, operand: compileExpression(operator.value, options) };
}

/** A running `$group`: documents go in, then one document per group comes out, groups in the order first met. */
export interface Grouping {
  add(doc: RawDocument): void;
  results(): Iterable<RawDocument>;
}

/** Compiles a `$group` stage ($sum $avg $min $max $first $last $push $addToSet $count; others are error 15952). */
export function compileGroup(spec: RawValue, options: FilterOptions): () => Grouping {
  if (spec.type !== 0x03) throw storeError(15947, "a group's fields must be specified in an object");
  let id: Expression | undefined;
  const fields: GroupField[] = [];
  for (const { name, value } of elementsOf(spec)) {
    if (name === '_id') id = compileExpression(value, options);
    else fields.push(fieldOf(name, value, options));
  }
  if (!id) throw storeError(15955, 'a group specification must include an _id');
  const groupId = id;
  return () => createGrouping(groupId, fields);
}

function createGrouping(id: Expression, fields: readonly GroupField[]): Grouping {
  const groups = new Map<string, { readonly id: RawValue; readonly accumulators: readonly Accumulator[] }>();
  return {
    add(doc) {
      const value = id(doc) ?? NULL_VALUE;
      const key = keyText(value);
      let group = groups.get(key);
      if (!group)
        groups.set(key, (group = { id: value, accumulators: fields.map(({ create }) => create()) }));
      for (let i = 0; i < fields.length; i++) group.accumulators[i]!.add(fields[i]!.operand(doc));
    },
    *results() {
      for (const group of groups.values()) {
        const writer = createWriter();
        writer.value('_id', group.id);
        fields.forEach(({ name }, i) => writer.value(name, group.accumulators[i]!.result() ?? NULL_VALUE));
        yield writer.finish();
      }
    },
  };
}
