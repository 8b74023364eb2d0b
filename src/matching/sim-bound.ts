import { wholeMetres } from './distance.ts';
import { refusalsOf } from './eligibility.ts';
import { START, wouldAccept, weekMinuteOf, type SimRequest, type World } from './sim-world.ts';
import { solveAssignment } from './solve-assignment.ts';

const DAY = 24 * 3_600_000;

/**
 * Share of slots that could be filled if every answer were known in advance: the optimal assignment of slots to
 * helper-days, where a helper takes at most `maxTasks` on one day and only what that helper would accept.
 * Attention, rest and quiet hours are waived, so no policy can do better; certified by the solver.
 */
export function offlineBound(world: World): number {
  const slots = world.requests.flatMap((sim) => Array.from({ length: sim.slots }, () => sim));
  const able = new Map(world.requests.map((sim) => [sim.no, ableFor(world, sim)]));
  const columns = new Map<string, number>();
  const rowStart = new Int32Array(slots.length + 1);
  const edgeColumn: number[] = [];
  slots.forEach((sim, row) => {
    const day = Math.floor((sim.at - START) / DAY);
    for (const no of able.get(sim.no)!) {
      for (let place = 0; place < world.helpers[no]!.helper.maxTasks; place += 1) {
        const key = `${no} ${day} ${place}`;
        if (!columns.has(key)) columns.set(key, columns.size);
        edgeColumn.push(columns.get(key)!);
      }
    }
    rowStart[row + 1] = edgeColumn.length;
  });
  const answer = solveAssignment({
    rows: slots.length,
    columns: columns.size,
    rowStart,
    edgeColumn: Int32Array.from(edgeColumn),
    edgeWeight: new Int32Array(edgeColumn.length).fill(1),
  });
  return answer.value / Math.max(1, slots.length);
}

function ableFor(world: World, sim: SimRequest): readonly number[] {
  const moment = { now: sim.at, weekMinute: weekMinuteOf(sim.at) };
  return world.helpers.flatMap(({ helper }, no) => {
    const metres = wholeMetres(sim.request.point, helper.point);
    const refusals = refusalsOf(helper, sim.request, moment, metres).filter((one) => one !== 'quiet_hours');
    return refusals.length === 0 && wouldAccept(world, no, sim, metres) ? [no] : [];
  });
}
