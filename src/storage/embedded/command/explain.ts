import { deserialize, serialize } from 'bson';
import { storeError } from '../errors.ts';
import { planFind, type PlannedFind, runFind } from '../query/find.ts';
import type { IndexPlan, Plan } from '../query/plan.ts';
import { stepThrough } from '../query/slices.ts';
import type { ReplyBody } from '../wire/splice.ts';
import { type CommandContext, collectionNameOf, requireField } from './context.ts';
import { readFind } from './find.ts';
import { SERVER_VERSION } from './hello.ts';
import { type CommandRequest, readCommand } from './request.ts';

/** `explain` of find, count, distinct, update, delete and findAndModify: the plan, and what it looks at. */
export async function runExplain(context: CommandContext): Promise<ReplyBody> {
  const { engine, request, control } = context;
  const inner = readCommand(
    requireField(request.document('explain'), request, 'explain'),
    new Map(),
    request.database,
  );
  const verbosity = request.string('verbosity') ?? 'allPlansExecution';
  const namespace = `${request.database}.${collectionNameOf(inner)}`;
  const collection = engine.catalog.committed.get(namespace);
  const server = { host: engine.address, port: 0, version: SERVER_VERSION, gitVersion: 'linli-embedded' };
  if (collection === undefined) {
    return serialize({
      queryPlanner: { namespace, winningPlan: { stage: 'EOF' }, rejectedPlans: [] },
      serverInfo: server,
      ok: 1,
    });
  }
  const { target, field } = explained(inner);
  const planned = planFind(collection, readFind(target, field, engine.now()));
  const queryPlanner = {
    namespace,
    indexFilterSet: false,
    winningPlan: describe(planned),
    rejectedPlans: [],
  };
  if (verbosity === 'queryPlanner') return serialize({ queryPlanner, serverInfo: server, ok: 1 });
  const started = performance.now();
  const snapshot = engine.env.snapshot();
  let nReturned = 0;
  try {
    await stepThrough(runFind(snapshot, planned), control, () => {
      nReturned++;
      return true;
    });
  } finally {
    snapshot.release();
  }
  const executionStats = {
    executionSuccess: true,
    nReturned,
    executionTimeMillis: Math.round(performance.now() - started),
    totalKeysExamined: planned.examined.keys,
    totalDocsExamined: planned.examined.documents,
  };
  return serialize({ queryPlanner, executionStats, serverInfo: server, ok: 1 });
}

function explained(inner: CommandRequest): { target: CommandRequest; field: string } {
  switch (inner.name) {
    case 'find':
      return { target: inner, field: 'filter' };
    case 'count':
    case 'distinct':
    case 'findAndModify':
      return { target: inner, field: 'query' };
    case 'update':
    case 'delete': {
      const [first] = inner.documents(`${inner.name}s`) ?? [];
      if (first === undefined) throw storeError(9, 'nothing to explain');
      return { target: readCommand(first, new Map(), inner.database), field: 'q' };
    }
    default:
      throw storeError(115, `explain of '${inner.name}' is not supported`);
  }
}

function describe({ plan, sortsInMemory, request }: PlannedFind): Record<string, unknown> {
  const input = describePlan(plan);
  const sorted = sortsInMemory
    ? {
        stage: 'SORT',
        sortPattern: Object.fromEntries(request.sort!.keys.map((key) => [key.path, key.descending ? -1 : 1])),
        inputStage: input,
      }
    : input;
  return request.limit > 0 ? { stage: 'LIMIT', limitAmount: request.limit, inputStage: sorted } : sorted;
}

function describePlan(plan: Plan): Record<string, unknown> {
  switch (plan.kind) {
    case 'empty':
      return { stage: 'EOF' };
    case 'scan':
      return { stage: 'COLLSCAN', direction: plan.reverse ? 'backward' : 'forward' };
    case 'index':
      return { stage: 'FETCH', inputStage: describeIndex(plan) };
    case 'union':
      return { stage: 'FETCH', inputStage: { stage: 'OR', inputStages: plan.branches.map(describeIndex) } };
    default:
      return {
        stage: 'GEO_NEAR_2DSPHERE',
        keyPattern: keyPattern(plan.index.spec),
        indexName: plan.index.name,
      };
  }
}

function describeIndex(plan: IndexPlan): Record<string, unknown> {
  return {
    stage: plan.merge ? 'SORT_MERGE' : 'IXSCAN',
    keyPattern: keyPattern(plan.index.spec),
    indexName: plan.index.name,
    isMultiKey: plan.index.multikeyPaths.length > 0,
    isUnique: plan.index.unique,
    isSparse: plan.index.sparse,
    isPartial: plan.index.partial !== undefined,
    direction: plan.reverse ? 'backward' : 'forward',
    bounded: plan.components.map(({ path, kind }) => ({ path, kind })),
    ranges: plan.ranges.length,
  };
}

function keyPattern(spec: Uint8Array): unknown {
  return (deserialize(spec) as { key: unknown }).key;
}
