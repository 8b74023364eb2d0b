import type { AssignmentProblem } from '../../../src/matching/assignment-state.ts';
import { seededRandom } from '../../../src/matching/seeded-hash.ts';

/** What makes an instance hard on a solver. */
export const KINDS = [
  'plain',
  'ties',
  'all equal',
  'isolated rows',
  'duplicate edges',
  'zeros',
  'wide',
] as const;
export type Kind = (typeof KINDS)[number];

/** A random problem of up to `most` rows and columns; rows may outnumber columns. */
export function randomProblem(kind: Kind, seed: number, most: number): AssignmentProblem {
  const random = seededRandom(seed);
  const rows = 1 + Math.floor(random() * most);
  const columns = 1 + Math.floor(random() * most);
  const degree = 1 + Math.floor(random() * 12);
  const rowStart = new Int32Array(rows + 1);
  const edgeColumn: number[] = [];
  const edgeWeight: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    const count = kind === 'isolated rows' && random() < 0.4 ? 0 : Math.floor(random() * (degree + 1));
    for (let i = 0; i < count; i += 1) {
      const repeats = kind === 'duplicate edges' && i > 0 && random() < 0.4;
      edgeColumn.push(repeats ? edgeColumn.at(-1)! : Math.floor(random() * random() * columns));
      edgeWeight.push(weightOf(kind, random));
    }
    rowStart[row + 1] = edgeColumn.length;
  }
  return {
    rows,
    columns,
    rowStart,
    edgeColumn: Int32Array.from(edgeColumn),
    edgeWeight: Float64Array.from(edgeWeight),
  };
}

function weightOf(kind: Kind, random: () => number): number {
  if (kind === 'all equal') return 7;
  if (kind === 'ties') return Math.floor(random() * 4);
  if (kind === 'zeros') return random() < 0.5 ? 0 : Math.floor(random() * 100);
  if (kind === 'wide') return Math.floor(random() ** 6 * 1e7);
  return Math.floor(random() * 10_000);
}
