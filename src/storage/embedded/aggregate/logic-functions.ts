import { boolValue, int32Value } from '../bson/build.ts';
import { isTruthy } from '../bson/number.ts';
import { compareInExpression, exactly } from './evaluate.ts';
import type { FunctionOperator, FunctionTable } from './evaluate.ts';

function comparison(accepts: (order: number) => boolean): FunctionOperator {
  return exactly(2, ([a, b]) => boolValue(accepts(compareInExpression(a, b))));
}

/** Comparisons in MongoDB's order of all types, and negation. */
export const LOGIC_FUNCTIONS: FunctionTable = {
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $cmp: exactly(2, ([a, b]) => int32Value(compareInExpression(a, b))),
  $not: exactly(1, ([value]) => boolValue(!isTruthy(value))),
};
