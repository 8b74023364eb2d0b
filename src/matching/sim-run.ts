import { gini } from './attention-model.ts';
import { wholeMetres } from './distance.ts';
import { refusalsOf } from './eligibility.ts';
import { afterEvent } from './helper-events.ts';
import type { Helper, Urgency } from './match-types.ts';
import { createMatchingIndex } from './matching-index.ts';
import { seededRandom } from './seeded-hash.ts';
import { createSimQueue } from './sim-queue.ts';
import type { OpenRequest, SimPolicy } from './sim-policies.ts';
import {
  answerMinutes,
  START,
  weekMinuteOf,
  WORLD,
  wouldAccept,
  type SimRequest,
  type World,
} from './sim-world.ts';

/** What one policy achieved in one world. Times in minutes, distances in kilometres. */
export interface SimResult {
  readonly policy: string;
  readonly requests: number;
  readonly matchRate: number;
  readonly matchRateBy: Readonly<Record<Urgency, number>>;
  /** Waits of all requests; one that was never filled counts as `NEVER` minutes. */
  readonly wait50: number;
  readonly wait90: number;
  readonly wait99: number;
  /** Share of requests not filled by their deadline. */
  readonly late: number;
  readonly kmPerMatch: number;
  readonly alertsPerAccept: number;
  /** Alerts that one helper gets in a week: half of them get at most the first figure, and so on. */
  readonly alertsPerHelperWeek50: number;
  readonly alertsPerHelperWeek99: number;
  readonly alertsPerHelperWeekMost: number;
  readonly loadGini: number;
  readonly alertGini: number;
  /** Match rate of the worst area over that of the best. */
  readonly areaFairness: number;
  readonly slotFill: number;
  /** Offers that broke a hard constraint: must be 0. */
  readonly violations: number;
}

/** Four days: what an unfilled request counts as in the quantiles of waiting. */
const NEVER = 4 * 24 * 60;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Open {
  readonly sim: SimRequest;
  slotsFree: number;
  wavesSent: number;
  readonly excluded: string[];
  filledAt: number | null;
  isOver: boolean;
}

/**
 * Runs one policy through a world, event by event: arrivals, waves, answers, tasks, attention that is lost with
 * every alert and comes back with time. Pure: the same world and policy give the same result.
 */
export function simulate(world: World, policy: SimPolicy): SimResult {
  const run = createRun(world, policy);
  for (const sim of world.requests) run.queue.add(sim.at, () => run.arrive(sim));
  for (let day = 0; day < world.days; day += 1) run.queue.add(START + day * 24 * HOUR, run.newDay);
  run.queue.runUntil(START + (world.days + 3) * 24 * HOUR);
  return run.result();
}

function createRun(world: World, policy: SimPolicy) {
  const queue = createSimQueue();
  const index = createMatchingIndex();
  const random = seededRandom(world.seed ^ 0x1234567);
  const numbers = new Map(world.helpers.map((one, no) => [one.helper.helperId, no]));
  for (const one of world.helpers) index.put(one.helper);
  const attentiveFrom = new Float64Array(world.helpers.length);
  const minutes = new Float64Array(world.helpers.length);
  const alerts = new Float64Array(world.helpers.length);
  const km: number[] = [];
  const all: Open[] = [];
  const inBatch: Open[] = [];
  let accepts = 0;
  let violations = 0;
  let batchAt = -1;

  const momentAt = (): { now: number; weekMinute: number } => ({
    now: queue.now(),
    weekMinute: weekMinuteOf(queue.now()),
  });
  const viewOf = (open: Open): OpenRequest => ({ ...open, excluded: [...open.excluded] });
  const change = (no: number, edit: (helper: Helper) => Helper): void => {
    index.put(edit(index.get(world.helpers[no]!.helper.helperId)!));
  };

  function arrive(sim: SimRequest): void {
    const open: Open = {
      sim,
      slotsFree: sim.slots,
      wavesSent: 0,
      excluded: [],
      filledAt: null,
      isOver: false,
    };
    all.push(open);
    const waits =
      policy.batch !== undefined && (sim.request.urgency === 'normal' || sim.request.urgency === 'low');
    if (!waits) {
      sendNext(open);
      return;
    }
    inBatch.push(open);
    if (batchAt < queue.now()) {
      batchAt = queue.now() + 30_000;
      queue.add(batchAt, solveBatch);
    }
  }

  function solveBatch(): void {
    const gathered = inBatch.splice(0);
    const first = policy.batch!(gathered.map(viewOf), index, momentAt());
    for (const open of gathered) {
      const chosen = first.get(open.sim.request.requestId);
      sendNext(open, chosen);
    }
  }

  function sendNext(open: Open, chosen: readonly string[] = []): void {
    if (open.isOver || open.slotsFree === 0) return;
    if (mustWaitForDay(open)) {
      queue.add(queue.now() + 30 * MINUTE, () => sendNext(open, chosen));
      return;
    }
    const wave = policy.next(viewOf(open), index, momentAt());
    if (wave === null) {
      open.isOver = true;
      return;
    }
    open.wavesSent += 1;
    const first = chosen.filter((helperId) => mayStillBeAsked(open, helperId));
    const others = wave.helperIds.slice(0, Math.max(1, wave.helperIds.length - first.length));
    const told = new Set([...first, ...others]);
    for (const helperId of told) tell(open, numbers.get(helperId)!);
    queue.add(queue.now() + wave.waitMs, () => sendNext(open));
  }

  /** A batch decides for many at once; who was told by another of its requests since is left out. */
  function mayStillBeAsked(open: Open, helperId: string): boolean {
    const request = { ...open.sim.request, excludedHelperIds: open.excluded };
    const answer = index.explain(request, helperId, momentAt(), 1);
    return answer !== undefined && 'ranked' in answer;
  }

  /** Normal requests wait for the end of the quiet hours, low ones for the daytime of their wave rule. */
  function mustWaitForDay(open: Open): boolean {
    const { urgency } = open.sim.request;
    if (urgency === 'critical' || urgency === 'high') return false;
    const hour = Math.floor((weekMinuteOf(queue.now()) % 1440) / 60);
    return urgency === 'low' ? hour < 8 || hour >= 20 : hour < 7 || hour >= 22;
  }

  function tell(open: Open, no: number): void {
    const { request } = open.sim;
    const now = queue.now();
    const helper = index.get(world.helpers[no]!.helper.helperId)!;
    const metres = wholeMetres(request.point, helper.point);
    const asked = { ...request, excludedHelperIds: open.excluded };
    if (refusalsOf(helper, asked, momentAt(), metres).length > 0) violations += 1;
    alerts[no]! += 1;
    open.excluded.push(helper.helperId);
    const isAttentive = attentiveFrom[no]! <= now;
    change(no, (one) => ({
      ...one,
      history: afterEvent(one.history, { kind: 'offered', at: now }),
      offersToday: one.offersToday + 1,
      nextOfferNotBefore: now + HOUR,
    }));
    attentiveFrom[no] = now + backAfter();
    if (!isAttentive) {
      change(no, (one) => ({ ...one, history: afterEvent(one.history, { kind: 'lapsed', at: now }) }));
      return;
    }
    const accepts = wouldAccept(world, no, open.sim, metres);
    const after = answerMinutes(world, no, open.sim) * MINUTE;
    queue.add(now + after, () => answer(open, no, metres, accepts));
  }

  /** Time until attention is back: by itself or by opening the app, whichever comes first. */
  function backAfter(): number {
    const rate = -Math.log(1 - WORLD.hazardPerHour) + WORLD.opensPerDay / 24;
    return (-Math.log(1 - random()) / rate) * HOUR;
  }

  function answer(open: Open, no: number, metres: number, accepts: boolean): void {
    const now = queue.now();
    const kind = accepts ? 'accepted' : 'declined';
    change(no, (one) => ({ ...one, history: afterEvent(one.history, { kind, at: now }) }));
    const helper = index.get(world.helpers[no]!.helper.helperId)!;
    if (!accepts || open.slotsFree === 0 || open.isOver || helper.activeTasks >= helper.maxTasks) return;
    open.slotsFree -= 1;
    take(open, no, metres);
  }

  function take(open: Open, no: number, metres: number): void {
    const { request } = open.sim;
    accepts += 1;
    km.push(metres / 1000);
    if (open.slotsFree === 0) open.filledAt = queue.now();
    change(no, (one) => ({ ...one, activeTasks: one.activeTasks + 1 }));
    const ends = Math.max(queue.now(), request.startsAt) + request.minutes * MINUTE;
    const comes = random() >= WORLD.noShow;
    queue.add(ends, () => {
      minutes[no]! += comes ? request.minutes : 0;
      change(no, (one) => ({
        ...one,
        activeTasks: one.activeTasks - 1,
        history: {
          ...afterEvent(one.history, { kind: comes ? 'promise_kept' : 'promise_broken', at: queue.now() }),
          minutesLast28Days: one.history.minutesLast28Days + (comes ? request.minutes : 0),
        },
      }));
    });
  }

  function newDay(): void {
    world.helpers.forEach((_, no) => {
      change(no, (one) => ({
        ...one,
        offersToday: 0,
        history: { ...one.history, offersLast7Days: Math.round((one.history.offersLast7Days * 6) / 7) },
      }));
    });
  }

  function result(): SimResult {
    const filled = all.filter((one) => one.filledAt !== null);
    const rate = (of: readonly Open[]): number =>
      of.length === 0 ? 1 : of.filter((one) => one.filledAt !== null).length / of.length;
    const byArea = Array.from({ length: WORLD.areas }, (_, area) =>
      rate(all.filter((one) => one.sim.area === area)),
    );
    const rateOf = (urgency: Urgency): number =>
      rate(all.filter((one) => one.sim.request.urgency === urgency));
    const isLate = (one: Open): boolean =>
      one.filledAt === null ||
      one.filledAt - one.sim.at > WORLD.deadlineMinutes[one.sim.request.urgency] * MINUTE;
    const weeks = world.days / 7;
    const waits = all.map((one) => (one.filledAt === null ? NEVER : (one.filledAt - one.sim.at) / MINUTE));
    const slots = all.reduce((sum, one) => sum + one.sim.slots, 0);
    return {
      policy: policy.name,
      requests: all.length,
      matchRate: rate(all),
      matchRateBy: {
        critical: rateOf('critical'),
        high: rateOf('high'),
        normal: rateOf('normal'),
        low: rateOf('low'),
      },
      wait50: quantile(waits, 0.5),
      wait90: quantile(waits, 0.9),
      wait99: quantile(waits, 0.99),
      late: all.filter(isLate).length / Math.max(1, all.length),
      kmPerMatch: km.reduce((sum, one) => sum + one, 0) / Math.max(1, km.length),
      alertsPerAccept: alerts.reduce((sum, one) => sum + one, 0) / Math.max(1, accepts),
      alertsPerHelperWeek50: quantile([...alerts], 0.5) / weeks,
      alertsPerHelperWeek99: quantile([...alerts], 0.99) / weeks,
      alertsPerHelperWeekMost: quantile([...alerts], 1) / weeks,
      loadGini: gini(minutes),
      alertGini: gini(alerts),
      areaFairness: Math.min(...byArea) / Math.max(1e-9, ...byArea),
      slotFill: filled.length === 0 ? 0 : 1 - all.reduce((sum, one) => sum + one.slotsFree, 0) / slots,
      violations,
    };
  }

  return { queue, arrive, newDay, result };
}

/** The value below which a share of the numbers lies; 0 without numbers. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
