/** Integers per skill in a list: the packed skill, and its position in either side of the grid of that skill. */
export const STRIDE = 3;

/**
 * Lists of skills of all helpers in one array of integers. Lists of equal length are reused when they become
 * free, so it never needs sweeping.
 */
export interface SkillPool {
  ints: Int32Array;
  readonly free: number[][];
  end: number;
}

/** Not in the grid yet. */
export const NOWHERE = -2147483648;

export function createSkillPool(): SkillPool {
  return { ints: new Int32Array(256), free: [], end: 0 };
}

/** Where a list of `count` skills may be written; its content is undefined. */
export function takeList(pool: SkillPool, count: number): number {
  if (count === 0) return 0;
  const reused = pool.free[count]?.pop();
  if (reused !== undefined) return reused;
  const start = pool.end;
  pool.end += STRIDE * count;
  if (pool.end > pool.ints.length) {
    const grown = new Int32Array(Math.max(pool.end, 2 * pool.ints.length));
    grown.set(pool.ints);
    pool.ints = grown;
  }
  return start;
}

/** Gives a list back. */
export function giveList(pool: SkillPool, start: number, count: number): void {
  if (count > 0) (pool.free[count] ??= []).push(start);
}

/** One skill in one integer: code, verified, level. */
export function packSkill(code: number, level: number, verified: boolean): number {
  return (code << 3) | (verified ? 4 : 0) | level;
}
