import { checkHelper, checkPlace, checkQuery, checkRequest } from './check-helper.ts';
import { refusalsOf } from './eligibility.ts';
import { VERSIONS } from './engine-version.ts';
import { checkRoom, copyBest, copyNearest, createFoundHelpers, recordsOf } from './found-helpers.ts';
import { walkNearest } from './grid-nearest.ts';
import { metresTo, walkGrid } from './grid-walk.ts';
import { frameAt, writePlace, type Frame } from './helper-columns.ts';
import { createHelperTable, type HelperTable } from './helper-table.ts';
import { createGrids, eraseHelper, everybody, writeHelper, type Grids } from './index-changes.ts';
import { writeLoad } from './index-load.ts';
import { firstRefusal } from './judge-slot.ts';
import {
  REFUSALS,
  type MatchingIndex,
  type MatchRequest,
  type Moment,
  type RankedHelper,
  type RankOptions,
  type Refusal,
} from './match-types.ts';
import { createNearestList, type NearestList } from './nearest-list.ts';
import { createPreparedQuery, prepareQuery, type PreparedQuery } from './prepared-query.ts';
import { rankedHelper } from './ranked-helper.ts';
import { digestOf } from './run-digest.ts';
import { advanceBuild, buildIfSmall, wantsBuild, type SkillGrid } from './skill-grid.ts';
import { createTopHeap, resetHeap, sortHeap, type TopHeap } from './top-heap.ts';

/** How an index spreads its rebuilds. */
export interface MatchingIndexOptions {
  /** Entries of a pending rebuild that each change works on. Default 128. */
  readonly unitsPerChange?: number;
  /** The same for each query. Default 4096 (about a third of a millisecond). */
  readonly unitsPerQuery?: number;
  /** Grids of up to this many members are rebuilt in one go (a few milliseconds). Default 8192. */
  readonly membersAtOnce?: number;
}

interface State {
  readonly table: HelperTable;
  readonly grids: Grids;
  readonly heap: TopHeap;
  readonly near: NearestList;
  readonly place: Float64Array;
  readonly options: Required<MatchingIndexOptions>;
  query: PreparedQuery | null;
  frame: Frame | null;
}

/**
 * An empty live index of one Community: per skill a grid in typed arrays, exact top-k by bounds (see
 * `walkGrid`), every hard constraint on. Changes are visible to the next query. Rebuilds of large grids go on
 * in slices, a little with every call, so nothing blocks for long.
 */
export function createMatchingIndex(options: MatchingIndexOptions = {}): MatchingIndex {
  const { unitsPerChange = 128, unitsPerQuery = 4096, membersAtOnce = 8192 } = options;
  const table = createHelperTable();
  const state: State = {
    table,
    grids: createGrids(),
    heap: createTopHeap(table.ids),
    near: createNearestList(),
    place: new Float64Array(3),
    options: { unitsPerChange, unitsPerQuery, membersAtOnce },
    query: null,
    frame: null,
  };
  return {
    put(helper) {
      checkHelper(helper);
      state.frame ??= frameAt(helper.point);
      writeHelper(table, state.grids, state.frame, helper);
      advanceUrgent(state, unitsPerChange);
    },
    setLoad: (helperId, load) => writeLoad(table, state.grids, helperId, load),
    remove(helperId) {
      const slot = table.slotOf.get(helperId);
      if (slot !== undefined) eraseHelper(table, state.grids, slot);
    },
    get size() {
      return table.slotOf.size;
    },
    get(helperId) {
      const slot = table.slotOf.get(helperId);
      return slot === undefined ? undefined : { ...table.helpers[slot]! };
    },
    rank: (request, moment, rankOptions) => rank(state, request, moment, rankOptions),
    best(request, moment, rankOptions) {
      search(state, request, moment, rankOptions);
      const found = createFoundHelpers(state.heap.count);
      copyBest(state.heap, found);
      return recordsOf(found);
    },
    bestInto(request, moment, rankOptions, found) {
      search(state, request, moment, rankOptions);
      checkRoom(found, rankOptions.limit);
      copyBest(state.heap, found);
    },
    nearest(skillId, point, nearOptions) {
      searchNearest(state, skillId, point, nearOptions);
      const found = createFoundHelpers(state.near.count);
      copyNearest(state.near, table.ids, found);
      return recordsOf(found).map(({ helperId, metres }) => ({ helperId, metres }));
    },
    nearestInto(skillId, point, nearOptions, found) {
      searchNearest(state, skillId, point, nearOptions);
      checkRoom(found, nearOptions.limit);
      copyNearest(state.near, table.ids, found);
    },
    explain: (request, helperId, moment, seed) => explain(state, request, helperId, moment, seed),
    maintain: (units) => maintain(state, units),
  };
}

/** Changes advance a rebuild only when its overflow has grown long: loading many is left to `maintain`. */
function advanceUrgent(state: State, units: number): void {
  for (const grid of state.grids.waiting) {
    const { overflowCount, main } = grid.live;
    const isUrgent = grid.rebuild !== null || overflowCount > 4096 + (main?.count ?? 0) / 8;
    if (!isUrgent) continue;
    advance(state, grid, units);
    return;
  }
}

function advance(state: State, grid: SkillGrid, units: number): number {
  const spent = advanceBuild(grid, state.table, units);
  if (!wantsBuild(grid)) state.grids.waiting.delete(grid);
  return spent;
}

function maintain(state: State, units: number): boolean {
  let left = units;
  for (const grid of state.grids.waiting) {
    if (left <= 0) break;
    left -= advance(state, grid, left);
  }
  return state.grids.waiting.size === 0;
}

/** The query of this request; the heap then holds the best, sorted. Undefined in an empty index. */
function search(
  state: State,
  request: MatchRequest,
  moment: Moment,
  options: RankOptions,
): PreparedQuery | undefined {
  checkRequest(request);
  checkQuery(moment, options);
  resetHeap(state.heap, options.limit);
  const query = prepare(state, request, moment, options.seed);
  if (query === undefined) return undefined;
  const grid = gridFor(state, query);
  if (grid === undefined) return query;
  buildIfSmall(grid, state.table, state.options.membersAtOnce);
  if (state.grids.waiting.has(grid)) advance(state, grid, state.options.unitsPerQuery);
  walkGrid(grid, query, state.table, state.heap);
  sortHeap(state.heap);
  return query;
}

function prepare(
  state: State,
  request: MatchRequest,
  moment: Moment,
  seed: number,
): PreparedQuery | undefined {
  if (state.frame === null) return undefined;
  const query = (state.query ??= createPreparedQuery(request));
  prepareQuery(query, state.table, state.frame, state.grids.codes, request, moment, seed);
  return query;
}

/** The required skill that fewest have; everybody when none is required; undefined when nobody has one. */
function gridFor(state: State, query: PreparedQuery): SkillGrid | undefined {
  if (query.needs.length === 0) return everybody(state.table, state.grids);
  let rarest: SkillGrid | undefined;
  for (const need of query.needs) {
    const grid = need < 0 ? undefined : state.grids.grids[need >> 3];
    if (grid === undefined) return undefined;
    if (rarest === undefined || grid.members < rarest.members) rarest = grid;
  }
  return rarest;
}

function rank(
  state: State,
  request: MatchRequest,
  moment: Moment,
  options: RankOptions,
): ReturnType<MatchingIndex['rank']> {
  const query = search(state, request, moment, options);
  const ranked = explained(state, request, moment);
  const refusedCounts: Partial<Record<Refusal, number>> = {};
  let eligibleCount = ranked.length;
  if (query !== undefined && options.counts !== false) {
    eligibleCount = countRefusals(state.table, query, refusedCounts);
  }
  const { seed } = options;
  const digest = digestOf({ request, moment, seed, versions: VERSIONS, ranked });
  return {
    requestId: request.requestId,
    ranked,
    eligibleCount,
    refusedCounts,
    versions: VERSIONS,
    seed,
    digest,
  };
}

function explained(state: State, request: MatchRequest, moment: Moment): readonly RankedHelper[] {
  const { heap, table } = state;
  const ranked: RankedHelper[] = [];
  const nearest = heap.metres.subarray(0, heap.count).reduce((least, one) => Math.min(least, one), Infinity);
  for (let at = 0; at < heap.count; at += 1) {
    const metres = heap.metres[at]!;
    ranked.push(rankedHelper(table.helpers[heap.slots[at]!]!, request, moment, metres, metres === nearest));
  }
  return ranked;
}

/** Counts every refused helper once, under the first refusal in their fixed order; returns the others. */
function countRefusals(
  table: HelperTable,
  query: PreparedQuery,
  counts: Partial<Record<Refusal, number>>,
): number {
  const byReason = new Int32Array(REFUSALS.length);
  let eligible = 0;
  for (let slot = 0; slot < table.end; slot += 1) {
    if (table.helpers[slot] === undefined) continue;
    const refusal = firstRefusal(query, table, slot, metresTo(query, table, slot));
    if (refusal < 0) eligible += 1;
    else byReason[refusal] = byReason[refusal]! + 1;
  }
  REFUSALS.forEach((refusal, at) => {
    if (byReason[at]! > 0) counts[refusal] = byReason[at]!;
  });
  return eligible;
}

/** Fills the list of the nearest. */
function searchNearest(
  state: State,
  skillId: string,
  point: readonly [number, number],
  options: { readonly limit: number; readonly withinMetres: number },
): void {
  checkPlace(point, options);
  const { near, table } = state;
  near.count = 0;
  const grid = state.grids.grids[state.grids.codes.get(skillId) ?? -1];
  if (grid === undefined || state.frame === null) return;
  buildIfSmall(grid, table, state.options.membersAtOnce);
  writePlace(state.frame, point, state.place, 0);
  walkNearest(grid, table, state.place, options, near);
}

/** How far down the ranking `explain` looks for the entry as it was shown. */
const EXPLAIN_LIMIT = 200;

function explain(
  state: State,
  request: MatchRequest,
  helperId: string,
  moment: Moment,
  seed: number,
): ReturnType<MatchingIndex['explain']> {
  const query = search(state, request, moment, { limit: EXPLAIN_LIMIT, seed });
  const slot = state.table.slotOf.get(helperId);
  if (query === undefined || slot === undefined) return undefined;
  const helper = state.table.helpers[slot]!;
  const metres = metresTo(query, state.table, slot);
  const refusals = refusalsOf(helper, request, moment, metres);
  if (refusals.length > 0) return { refusals };
  const shown = explained(state, request, moment).find((one) => one.helperId === helperId);
  return { ranked: shown ?? rankedHelper(helper, request, moment, metres, false) };
}
