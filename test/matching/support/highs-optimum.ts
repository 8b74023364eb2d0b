import loadHighs from 'highs';
import type { AssignmentProblem } from '../../../src/matching/assignment-state.ts';

interface Highs {
  solve(problem: string, options: Readonly<Record<string, unknown>>): { readonly ObjectiveValue: number };
}
/** The package is CommonJS: its types describe `module.default`, its runtime is the function itself. */
const load = loadHighs as unknown as () => Promise<Highs>;
let highs: Promise<Highs> | undefined;

/** The optimum of an assignment problem by HiGHS: the linear program, whose corners are assignments. */
export async function highsOptimum(problem: AssignmentProblem): Promise<number> {
  if (problem.edgeColumn.length === 0) return 0;
  highs ??= load();
  const solution = (await highs).solve(asLp(problem), { output_flag: false });
  return solution.ObjectiveValue;
}

export function asLp(problem: AssignmentProblem): string {
  const byColumn: string[][] = Array.from({ length: problem.columns }, () => []);
  const rows: string[] = [];
  const objective: string[] = [];
  for (let row = 0; row < problem.rows; row += 1) {
    const own: string[] = [];
    for (let edge = problem.rowStart[row]!; edge < problem.rowStart[row + 1]!; edge += 1) {
      own.push(`x${edge}`);
      byColumn[problem.edgeColumn[edge]!]!.push(`x${edge}`);
      objective.push(`${problem.edgeWeight[edge]!} x${edge}`);
    }
    if (own.length > 0) rows.push(` r${row}: ${own.join(' + ')} <= 1`);
  }
  byColumn.forEach((names, column) => {
    if (names.length > 0) rows.push(` c${column}: ${names.join(' + ')} <= 1`);
  });
  return `Maximize\n obj: ${objective.join('\n + ')}\nSubject To\n${rows.join('\n')}\nEnd\n`;
}
