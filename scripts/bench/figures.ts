/** The value below which a share of the sorted samples lies (nearest rank); NaN for none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** A line of a table with fixed columns. */
export function line(name: string, ...values: (string | number)[]): string {
  const cells = values.map((value) => (typeof value === 'number' ? value.toFixed(2) : value).padStart(12));
  return `${name.padEnd(34)}${cells.join('')}`;
}

/** Calls `work` at a steady rate without waiting for it; resolves when all calls are done. */
export async function atRate(
  perSecond: number,
  count: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  const started = performance.now();
  const running: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const due = started + (index * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    running.push(work(index));
  }
  await Promise.all(running);
}
