import { arrayValue, documentOf, NULL_VALUE, objectValue, UNDEFINED_VALUE } from '../bson/build.ts';
import { compilePath, valuesAtPath } from '../bson/path.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { arrayValues, elementsOf, stringOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import type { FilterOptions } from '../query/nodes.ts';
import { compileExpression } from './expression.ts';
import type { AggregateSource } from './source.ts';
import { namedArguments } from './special-forms.ts';
import { replaceAt } from './unwind.ts';

type Stream = AsyncIterable<RawDocument>;
/** Compiles the inner pipeline for one set of `let` values. */
export type InnerPipeline = (
  stages: readonly RawDocument[],
  variables: RawDocument,
) => (input: Stream) => Stream;

/** Compiles `$lookup`: equality of two fields, an inner pipeline with `let`, or both. */
export function compileLookup(
  spec: RawValue,
  options: FilterOptions & { readonly source: AggregateSource },
  inner: InnerPipeline,
): (input: Stream) => Stream {
  const named = namedArguments(
    '$lookup',
    spec,
    ['from', 'as'],
    ['localField', 'foreignField', 'let', 'pipeline'],
  );
  const [from, as, local, foreign] = ['from', 'as', 'localField', 'foreignField'].map((name) => {
    const value = named.get(name);
    if (value && value.type !== 0x02) throw storeError(40321, `$lookup argument '${name}' must be a string`);
    return value && stringOf(value);
  });
  const pipeline = named.get('pipeline');
  if ((local === undefined) !== (foreign === undefined) || (local === undefined && !pipeline)) {
    throw storeError(9, '$lookup requires both or neither of localField and foreignField, or a pipeline');
  }
  const stages = pipeline ? arrayValues(pipeline).map(subdocument) : undefined;
  const letValues = letEvaluator(named.get('let'), options);
  if (stages) inner(stages, letValues(documentOf([]))); // errors of the inner pipeline come at once
  const candidates = candidateFinder(options.source, from!, local, foreign);
  return async function* lookup(input) {
    for await (const doc of input) {
      let found = candidates(doc);
      if (stages) found = inner(stages, letValues(doc))(found);
      const results: RawValue[] = [];
      for await (const result of found) results.push(objectValue(result));
      yield replaceAt(doc, as!, arrayValue(results));
    }
  };
}

/** The variables an inner pipeline sees: those from outside and the `let` values of this document. */
function letEvaluator(spec: RawValue | undefined, options: FilterOptions): (doc: RawDocument) => RawDocument {
  const own = spec ? [...elementsOf(spec)] : [];
  const compiled = own.map(({ name, value }) => [name, compileExpression(value, options)] as const);
  return (doc) => {
    const values = new Map<string, RawValue>();
    if (options.variables) {
      for (const { name, value } of elementsOf(objectValue(options.variables))) values.set(name, value);
    }
    for (const [name, evaluate] of compiled) values.set(name, literal(evaluate(doc) ?? UNDEFINED_VALUE));
    return documentOf(values);
  };
}

/** A value as the constant expression that a `let` holds. */
function literal(value: RawValue): RawValue {
  return objectValue(documentOf([['$literal', value]]));
}

function candidateFinder(
  source: AggregateSource,
  from: string,
  local: string | undefined,
  foreign: string | undefined,
): (doc: RawDocument) => Stream {
  if (local === undefined || foreign === undefined) return () => source.collection(from);
  const localPath = compilePath(local);
  return (doc) => {
    const { values, missing } = valuesAtPath(doc, localPath);
    const wanted = values.filter(({ type }) => type !== 0x0b && type !== 0x06);
    if (missing || (values.length === 0 && !missing)) wanted.push(NULL_VALUE);
    const filter = compileFilter(
      documentOf([[foreign, objectValue(documentOf([['$in', arrayValue(wanted)]]))]]),
    );
    const [only] = wanted;
    const indexed = wanted.length === 1 ? source.lookupEquals?.(from, foreign, only!) : undefined;
    return matching(indexed ?? source.collection(from), filter.matches);
  };
}

async function* matching(input: Stream, matches: (doc: RawDocument) => boolean): AsyncGenerator<RawDocument> {
  for await (const doc of input) if (matches(doc)) yield doc;
}
