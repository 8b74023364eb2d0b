import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AssignmentProblem } from '../../src/matching/assignment-state.ts';

const SOURCE = fileURLToPath(new URL('lemon-peer.cpp', import.meta.url));

export interface LemonTiming {
  readonly name: string;
  /** CPU milliseconds, best round, graph building included. */
  readonly ms: number;
  readonly value: number;
}

/** LEMON's algorithms in C++ (-O3), compiled when g++ and the headers are installed. */
export interface LemonPeer {
  solve(problem: AssignmentProblem, rounds: number): readonly LemonTiming[];
  stop(): void;
}

/** Returns why not when the compiler or the headers are missing (Debian: g++ and liblemon-dev). */
export function compileLemon(): LemonPeer | string {
  const folder = mkdtempSync(join(tmpdir(), 'bench-lemon-'));
  const program = join(folder, 'lemon-peer');
  const stop = (): void => rmSync(folder, { recursive: true, force: true });
  const compiled = spawnSync('g++', ['-O3', '-march=native', '-o', program, SOURCE, '-llemon'], {
    encoding: 'utf8',
  });
  if (compiled.status !== 0) {
    stop();
    if (compiled.error !== undefined) return 'g++ is not installed';
    return `it does not compile (${compiled.stderr.split('\n').find((one) => one.includes('error')) ?? 'g++ failed'})`;
  }
  return {
    solve(problem, rounds) {
      const lines = [`${problem.rows} ${problem.columns} ${problem.edgeColumn.length}`];
      for (let row = 0; row < problem.rows; row += 1) {
        for (let edge = problem.rowStart[row]!; edge < problem.rowStart[row + 1]!; edge += 1) {
          lines.push(`${row} ${problem.edgeColumn[edge]!} ${problem.edgeWeight[edge]!}`);
        }
      }
      const file = join(folder, 'problem.txt');
      writeFileSync(file, `${lines.join('\n')}\n`);
      const printed = execFileSync(program, [file, String(rounds)], { encoding: 'utf8' });
      return printed
        .trim()
        .split('\n')
        .map((line) => {
          const [name = '', ms, value] = line.split(' ');
          return { name, ms: Number(ms), value: Number(value) };
        });
    },
    stop,
  };
}
