import { around } from 'geokdbush';
import KDBush from 'kdbush';
import type { Helper } from '../../src/matching/match-types.ts';

/** The best JavaScript library with one static tree per skill, over the available helpers only. */
export interface KdbushPeer {
  /** Ids of the nearest `limit` with the skill within `metres`. */
  nearest(skillId: string, point: readonly [number, number], limit: number, metres: number): string[];
  readonly buildMs: number;
}

export function createKdbushPeer(helpers: readonly Helper[]): KdbushPeer {
  const from = performance.now();
  const members = new Map<string, Helper[]>();
  for (const helper of helpers) {
    if (!helper.isOnDuty) continue;
    for (const skill of helper.skills) {
      const list = members.get(skill.skillId);
      if (list === undefined) members.set(skill.skillId, [helper]);
      else list.push(helper);
    }
  }
  const trees = new Map<string, KDBush>();
  for (const [skillId, list] of members) {
    const tree = new KDBush(list.length);
    for (const helper of list) tree.add(helper.point[0], helper.point[1]);
    trees.set(skillId, tree.finish());
  }
  return {
    buildMs: performance.now() - from,
    nearest(skillId, point, limit, metres) {
      const tree = trees.get(skillId);
      const list = members.get(skillId);
      if (tree === undefined || list === undefined) return [];
      return around(tree, point[0], point[1], limit, metres / 1000).map((at) => list[at]!.helperId);
    },
  };
}
