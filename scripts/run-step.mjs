import { spawn } from 'node:child_process';
import process from 'node:process';

/** Says what is happening on stderr: stdout belongs to what a command promises to print. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Runs a command to its end. Resolves with its exit code and, when `capture` is set, what it printed. */
export function run(command, args, { cwd, env, capture = false, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', capture || quiet ? 'pipe' : 2, capture || quiet ? 'pipe' : 2],
      shell: process.platform === 'win32',
    });
    let printed = '';
    const collect = (chunk) => {
      printed += chunk;
      if (!quiet) process.stderr.write(chunk);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, printed }));
  });
}

export function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
