import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../src/project-root.ts';

interface Running {
  readonly process: ChildProcessWithoutNullStreams;
  readonly printed: () => { readonly out: string; readonly err: string };
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

/** The service as an operator starts it, on a free port. */
function start(directory: string, env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(projectRoot(), 'src', 'main.ts')], {
    cwd: projectRoot(),
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'test',
      PORT: '0',
      DATA_DIR: path.join(directory, 'store'),
      KEY_DIR: path.join(directory, 'keys'),
      LOG_LEVEL: 'error',
      ...env,
    },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
  return { process: child, printed: () => ({ out, err }), ended };
}

async function addressOf(running: Running): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (running.printed().out.includes('ready at')) resolve();
    };
    running.process.stdout.on('data', look);
    void running.ended.then(() => reject(new Error(running.printed().err)));
  });
  return /ready at (\S+)/.exec(running.printed().out)?.[1] ?? '';
}

describe('starting the service', function () {
  this.timeout(120_000);
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'linli-boot-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('prints a set-up code once, has no default account, ends within 15 s, and comes back with everything', async () => {
    const first = start(directory);
    const url = await addressOf(first);
    const code = /code once: (\S+)/.exec(first.printed().out)?.[1];
    expect(code).to.match(/^[A-Z2-9]{4}(-[A-Z2-9]{4}){3}$/);
    const setup = await fetch(`${url}/api/setup`);
    expect(((await setup.json()) as { isDone: boolean }).isDone).to.equal(false);
    expect((await fetch(`${url}/api/demo`)).status).to.equal(404);
    const began = Date.now();
    first.process.kill('SIGTERM');
    expect(await first.ended).to.deep.equal({ code: 0, signal: null });
    expect(Date.now() - began).to.be.lessThan(15_000);
    const second = start(directory);
    await addressOf(second);
    expect(/code once: (\S+)/.exec(second.printed().out)?.[1])
      .to.match(/^[A-Z2-9]/)
      .and.not.equal(code);
    second.process.kill('SIGINT');
    expect((await second.ended).code).to.equal(0);
  });

  it('is refused with every bad setting named, and no value printed', async () => {
    const running = start(directory, {
      PORT: 'secret-port',
      HOST: '0.0.0.0',
      MONGODB_URI: 'http://user:hunter2@db',
    });
    expect((await running.ended).code).to.equal(1);
    const { out, err } = running.printed();
    expect(out).to.equal('');
    expect(err)
      .to.contain('PORT')
      .and.contain('MONGODB_URI')
      .and.not.contain('hunter2')
      .and.not.contain('secret-port');
    expect(err).to.not.contain('    at ');
  });

  it('off loopback is refused without https', async () => {
    const running = start(directory, { HOST: '0.0.0.0' });
    expect((await running.ended).code).to.equal(1);
    expect(running.printed().err).to.contain('PUBLIC_ORIGIN').and.contain('TLS_CERT');
  });
});
