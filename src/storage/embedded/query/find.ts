import type { CollectionRecord } from '../catalog/records.ts';
import type { Reader } from '../kv/view.ts';
import { type Candidate, type Examined } from './candidate.ts';
import { findCandidates } from './candidates.ts';
import type { CompiledFilter } from './match.ts';
import { choosePlan, type Hint, type Plan } from './plan.ts';
import type { CompiledSort } from './sort.ts';
import { createSorter } from './sorter.ts';

/** What find, update, delete, findAndModify, count and aggregate ask for. */
export interface FindRequest {
  readonly filter: CompiledFilter;
  readonly sort: CompiledSort | undefined;
  readonly hint: Hint | undefined;
  readonly skip: number;
  /** 0 means all. */
  readonly limit: number;
}

export interface PlannedFind {
  readonly request: FindRequest;
  readonly collection: CollectionRecord;
  readonly plan: Plan;
  readonly sortsInMemory: boolean;
  readonly examined: Examined;
}

export function planFind(collection: CollectionRecord, request: FindRequest): PlannedFind {
  const { filter, sort, hint } = request;
  const plan = choosePlan({ collection, filter: filter.root, sort, hint });
  const served = sort === undefined || plan.kind === 'empty' || (plan.kind === 'index' && plan.servesSort);
  return { request, collection, plan, sortsInMemory: !served, examined: { keys: 0, documents: 0 } };
}

/**
 * The documents a request asks for, in order, skipped and limited. `undefined` between documents is a
 * sign of life. Throws 292 when a sort in memory grows beyond 100 MB.
 */
export function* runFind(reader: Reader, planned: PlannedFind): Generator<Candidate | undefined> {
  const { request, sortsInMemory } = planned;
  const { filter } = request;
  let toSkip = request.skip;
  let left = request.limit === 0 ? Number.POSITIVE_INFINITY : request.limit;
  const found = sortsInMemory ? sorted(reader, planned) : candidates(reader, planned);
  for (const candidate of found) {
    const isMatch = candidate !== undefined && (sortsInMemory || filter.matches(candidate.document));
    if (!isMatch || toSkip-- > 0) {
      yield undefined;
      continue;
    }
    yield candidate;
    if (--left === 0) return;
  }
}

function candidates(
  reader: Reader,
  { collection, plan, examined }: PlannedFind,
): Iterable<Candidate | undefined> {
  return findCandidates(reader, collection, plan, examined);
}

function wanted({ skip, limit }: FindRequest): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : skip + limit;
}

function* sorted(reader: Reader, planned: PlannedFind): Generator<Candidate | undefined> {
  const { filter, sort } = planned.request;
  const sorter = createSorter<Candidate>(wanted(planned.request));
  for (const candidate of candidates(reader, planned)) {
    if (candidate !== undefined && filter.matches(candidate.document)) {
      sorter.add(sort!.sortKey(candidate.document), candidate, candidate.document.length);
    }
    yield undefined;
  }
  yield* sorter.sorted();
}

/** The first document a request finds, without giving way: for single writes inside the transaction. */
export function findFirst(reader: Reader, planned: PlannedFind): Candidate | undefined {
  for (const candidate of runFind(reader, planned)) if (candidate !== undefined) return candidate;
  return undefined;
}
