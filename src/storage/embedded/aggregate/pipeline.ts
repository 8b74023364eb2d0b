import { documentOf, int32Value, objectValue } from '../bson/build.ts';
import { wholeNumberOf } from '../bson/number.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { elementsOf, getField, stringOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { parseGeoNear } from './geo-near.ts';
import type { LeadingGeoNear } from './geo-near.ts';
import { compileGroup } from './group.ts';
import { compileLookup } from './lookup.ts';
import { compileSortStage } from './sort-stage.ts';
import type { AggregateSource } from './source.ts';
import { stageOf } from './stage.ts';
import type { Stage } from './stage.ts';
import { compileTransform } from './transforms.ts';
import { compileUnwind } from './unwind.ts';

export type { AggregateSource } from './source.ts';
export type { LeadingGeoNear } from './geo-near.ts';

export interface PipelineOptions {
  readonly variables?: RawDocument | undefined;
  readonly source: AggregateSource;
  readonly now: Date;
  /** Random numbers in [0, 1) for `$sample`. */
  readonly random: () => number;
}

/** What the caller can push into its find planner; those stages are not run again by `run`. */
export interface CompiledPipeline {
  readonly leadingGeoNear?: LeadingGeoNear;
  readonly leadingMatch?: RawDocument;
  readonly leadingSort?: RawDocument;
  readonly leadingSkip?: number;
  readonly leadingLimit?: number;
  readonly run: (input: AsyncIterable<RawDocument>) => AsyncIterable<RawDocument>;
}

type Stream = AsyncIterable<RawDocument>;
type Step = (input: Stream) => Stream;

/**
 * Compiles a pipeline of $match $project $set $addFields $unset $group $sort $limit $skip $unwind $lookup
 * $count $sample $replaceRoot $replaceWith $sortByCount, and $geoNear as the first stage; any other stage is
 * error 40324. The leading $geoNear, $match, $sort, $skip and $limit (in this order, each optional) are
 * handed to the caller; `run` does the rest.
 */
export function compilePipeline(stages: readonly RawDocument[], options: PipelineOptions): CompiledPipeline {
  const parsed = stages.map(stageOf);
  const { leading, rest } = takeLeading(parsed);
  const steps = compileSteps(rest, options);
  return { ...leading, run: (input) => steps.reduce((stream, step) => step(stream), input) };
}

type Leading = { -readonly [K in keyof Omit<CompiledPipeline, 'run'>]: CompiledPipeline[K] };

function takeLeading(stages: readonly Stage[]): { leading: Leading; rest: readonly Stage[] } {
  const leading: Leading = {};
  let at = 0;
  const next = (name: string): RawValue | undefined =>
    stages[at]?.name === name ? stages[at++]!.spec : undefined;
  const geoNear = next('$geoNear');
  if (geoNear) leading.leadingGeoNear = parseGeoNear(geoNear);
  const match = next('$match');
  if (match) leading.leadingMatch = matchSpec(match);
  if (!geoNear) {
    const sort = next('$sort');
    if (sort) {
      compileSortStage(sort);
      leading.leadingSort = subdocument(sort);
    }
  }
  const skip = next('$skip');
  if (skip) leading.leadingSkip = countOf('$skip', skip);
  const limit = next('$limit');
  if (limit) leading.leadingLimit = countOf('$limit', limit);
  return { leading, rest: stages.slice(at) };
}

function matchSpec(spec: RawValue): RawDocument {
  if (spec.type !== 0x03) throw storeError(15959, 'the match filter must be an expression in an object');
  return subdocument(spec);
}

function countOf(name: '$skip' | '$limit', spec: RawValue): number {
  const count = wholeNumberOf(spec);
  if (count === undefined || count < 0) {
    throw storeError(
      name === '$skip' ? 5107200 : 5107201,
      `invalid argument to ${name} stage: Expected a non-negative number`,
    );
  }
  if (name === '$limit' && count === 0) throw storeError(15958, 'the limit must be positive');
  return count;
}

function compileSteps(stages: readonly Stage[], options: PipelineOptions): Step[] {
  return stages.map((stage, i) => {
    const next = stages[i + 1];
    if (stage.name === '$sort') {
      return compileSortStage(stage.spec, next?.name === '$limit' ? countOf('$limit', next.spec) : undefined);
    }
    return compileStep(stage, options);
  });
}

function compileStep({ name, spec }: Stage, options: PipelineOptions): Step {
  const transform = compileTransform(name, spec, options);
  if (transform) return mapping(transform);
  switch (name) {
    case '$match':
      return filtering(compileFilter(matchSpec(spec), options).matches);
    case '$group':
      return grouping(spec, options);
    case '$limit':
      return limiting(countOf('$limit', spec));
    case '$skip':
      return skipping(countOf('$skip', spec));
    case '$unwind':
      return flatMapping(compileUnwind(spec));
    case '$lookup':
      return compileLookup(spec, options, (inner, variables) =>
        innerPipeline(inner, { ...options, variables }),
      );
    case '$count':
      return counting(spec);
    case '$sample':
      return sampling(spec, options.random);
    case '$sortByCount':
      return sortingByCount(spec, options);
    case '$listSearchIndexes':
      throw storeError(31082, '$listSearchIndexes is only supported with Atlas.');
    case '$geoNear':
      throw storeError(40603, '$geoNear was not the first stage in the pipeline.');
    default:
      throw storeError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

function innerPipeline(stages: readonly RawDocument[], options: PipelineOptions): Step {
  const steps = compileSteps(stages.map(stageOf), options);
  return (input) => steps.reduce((stream, step) => step(stream), input);
}

function mapping(transform: (doc: RawDocument) => RawDocument): Step {
  return async function* map(input) {
    for await (const doc of input) yield transform(doc);
  };
}

function filtering(matches: (doc: RawDocument) => boolean): Step {
  return async function* filter(input) {
    for await (const doc of input) if (matches(doc)) yield doc;
  };
}

function flatMapping(expand: (doc: RawDocument) => Iterable<RawDocument>): Step {
  return async function* flatMap(input) {
    for await (const doc of input) yield* expand(doc);
  };
}

function grouping(spec: RawValue, options: PipelineOptions): Step {
  const create = compileGroup(spec, options);
  return async function* group(input) {
    const groups = create();
    for await (const doc of input) groups.add(doc);
    yield* groups.results();
  };
}

function limiting(count: number): Step {
  return async function* limit(input) {
    let left = count;
    for await (const doc of input) {
      yield doc;
      if (--left === 0) return;
    }
  };
}

function skipping(count: number): Step {
  return async function* skip(input) {
    let left = count;
    for await (const doc of input) if (left-- <= 0) yield doc;
  };
}

function counting(spec: RawValue): Step {
  const name = spec.type === 0x02 ? stringOf(spec) : '';
  if (name === '' || name.startsWith('$') || name.includes('.') || name.includes('\0')) {
    throw storeError(
      40156,
      'the count field must be a non-empty string without $ at its start and without dots',
    );
  }
  return async function* count(input) {
    let total = 0;
    for await (const _ of input) total++;
    if (total > 0) yield documentOf([[name, int32Value(total)]]);
  };
}

/** A uniform sample without repetition (reservoir sampling), in random order. */
function sampling(spec: RawValue, random: () => number): Step {
  const size = spec.type === 0x03 ? wholeNumberOf(getField(subdocument(spec), 'size')) : undefined;
  if (size === undefined || size <= 0)
    throw storeError(28747, 'size argument to $sample must be a positive number');
  return async function* sample(input) {
    const held: RawDocument[] = [];
    let seen = 0;
    for await (const doc of input) {
      seen++;
      const place = Math.floor(random() * seen);
      if (held.length < size) {
        held.push(held[place] ?? doc);
        held[place] = doc;
      } else if (place < size) held[place] = doc;
    }
    yield* held;
  };
}

/** `$sortByCount` is a `$group` that counts and a `$sort` by that count. */
function sortingByCount(spec: RawValue, options: PipelineOptions): Step {
  const isExpression =
    (spec.type === 0x02 && stringOf(spec).startsWith('$')) ||
    (spec.type === 0x03 && elementsOf(spec)[0]?.name.startsWith('$') === true);
  if (!isExpression)
    throw storeError(40149, 'the sortByCount field must be defined as a $-prefixed path or an expression');
  const one = objectValue(documentOf([['$sum', int32Value(1)]]));
  const group = grouping(
    objectValue(
      documentOf([
        ['_id', spec],
        ['count', one],
      ]),
    ),
    options,
  );
  const sort = compileSortStage(objectValue(documentOf([['count', int32Value(-1)]])));
  return (input) => sort(group(input));
}
