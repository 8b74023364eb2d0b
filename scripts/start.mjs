/** npm start: the real thing. Installs what is missing, builds, and starts with the settings of the environment and .env. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build, install, root } from './build.mjs';
import { demoRefusal } from './refuse-demo.mjs';
import { say } from './run-step.mjs';

try {
  const envFile = path.join(root, '.env');
  const refusal = demoRefusal(process.env, existsSync(envFile) ? readFileSync(envFile, 'utf8') : '');
  if (refusal !== null) throw new Error(refusal);
  await install();
  await build();
  const flags = ['--enable-source-maps', ...(existsSync(envFile) ? [`--env-file=${envFile}`] : [])];
  const server = spawn(process.execPath, [...flags, path.join(root, 'dist/src/main.js')], {
    cwd: root,
    stdio: 'inherit',
  });
  server.on('exit', (code) => process.exit(code ?? 1));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
} catch (error) {
  say(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
