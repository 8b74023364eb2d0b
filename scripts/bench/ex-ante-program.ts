import loadHighs from 'highs';
import type { AttentionInstance } from '../../src/matching/attention-model.ts';

interface Highs {
  solve(
    problem: string,
    options: Readonly<Record<string, unknown>>,
  ): {
    readonly ObjectiveValue: number;
    readonly Columns: Readonly<Record<string, { readonly Primal: number }>>;
    readonly Rows: readonly { readonly Name: string; readonly Dual: number }[];
  };
}
/** The package is CommonJS: its types describe `module.default`, its runtime is the function itself. */
const load = loadHighs as unknown as () => Promise<Highs>;
let highs: Promise<Highs> | undefined;

export interface ExAnte {
  /** No policy completes a larger share of tasks. */
  readonly value: number;
  /** Probability of telling volunteer v about a task of type s, by v and s. */
  readonly x: readonly (readonly number[])[];
  /** Dual of each volunteer's capacity: tasks gained per unit of attention. */
  readonly prices: readonly number[];
}

/**
 * The ex-ante linear program of Manshadi and Rodilitz (EC'20), stationary: maximise the rate of tasks that are
 * covered, where a type is covered at most once in expectation and a volunteer is told at most as often as
 * attention comes back.
 */
export async function solveExAnte(instance: AttentionInstance): Promise<ExAnte> {
  highs ??= load();
  const solution = (await highs).solve(asLp(instance), { output_flag: false });
  const rows = new Map(solution.Rows.map((row) => [row.Name, row.Dual]));
  return {
    value: solution.ObjectiveValue,
    x: instance.chances.map((own, v) => own.map((_, s) => solution.Columns[`x${v}_${s}`]?.Primal ?? 0)),
    prices: instance.chances.map((_, v) => rows.get(`v${v}`) ?? 0),
  };
}

function asLp({ rates, chances, hazard }: AttentionInstance): string {
  const able = (v: number): number[] => rates.map((_, s) => s).filter((s) => chances[v]![s]! > 0);
  const lines = ['Maximize', ` obj: ${rates.map((rate, s) => `${rate} z${s}`).join(' + ')}`, 'Subject To'];
  rates.forEach((_, s) => {
    const terms = chances.flatMap((own, v) => (own[s]! > 0 ? [`- ${own[s]!} x${v}_${s}`] : []));
    lines.push(` t${s}: z${s} ${terms.join(' ')} <= 0`);
  });
  chances.forEach((_, v) => {
    const terms = able(v).map((s) => `${rates[s]!} x${v}_${s}`);
    if (terms.length > 0) lines.push(` v${v}: ${terms.join(' + ')} <= ${hazard}`);
  });
  lines.push('Bounds');
  rates.forEach((_, s) => lines.push(` z${s} <= 1`));
  chances.forEach((_, v) => able(v).forEach((s) => lines.push(` x${v}_${s} <= 1`)));
  return `${lines.join('\n')}\nEnd\n`;
}
