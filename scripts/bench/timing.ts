/** What one subject took over all queries of its best round. */
export interface Timing {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** CPU microseconds per query, user and system, of a round without a clock between the queries. */
  readonly work: number;
}

/**
 * Runs `queries` calls per round; even rounds look at the clock around each call, odd ones do not. Keeps the
 * smallest figure of each kind, because other work on the machine only ever adds. Microseconds.
 */
export function timeQueries(queries: number, rounds: number, query: (at: number) => void): Timing {
  const best = { p50: Infinity, p90: Infinity, p99: Infinity, work: Infinity };
  for (let round = 0; round < rounds; round += 1) {
    const times = new Float64Array(queries);
    for (let at = 0; at < queries; at += 1) {
      const from = performance.now();
      query(at);
      times[at] = (performance.now() - from) * 1000;
    }
    times.sort();
    for (const [name, share] of [
      ['p50', 0.5],
      ['p90', 0.9],
      ['p99', 0.99],
    ] as const) {
      best[name] = Math.min(best[name], times[Math.floor(share * (queries - 1))]!);
    }
    const cpu = process.cpuUsage();
    for (let at = 0; at < queries; at += 1) query(at);
    const { user, system } = process.cpuUsage(cpu);
    best.work = Math.min(best.work, (user + system) / queries);
  }
  return best;
}

export function timingCells(timing: Timing): string {
  return [timing.p50, timing.p90, timing.p99, timing.work].map((value) => value.toFixed(1)).join('\t');
}
