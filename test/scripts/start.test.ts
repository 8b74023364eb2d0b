import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const script = (name: string): string => fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));

describe('npm start', () => {
  let demoRefusal: (env: Record<string, string | undefined>, envFileText: string) => string | null;
  before(async () => {
    ({ demoRefusal } = (await import(script('refuse-demo.mjs'))) as { demoRefusal: typeof demoRefusal });
  });

  it('refuses to show the demo, in one clear line, before anything is installed or built', async () => {
    const env = { ...process.env, DEMO: '1' };
    const failed = await run(process.execPath, [script('start.mjs')], { env }).then(
      () => null,
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    expect(failed?.code).to.equal(1);
    const printed = `${failed?.stdout ?? ''}${failed?.stderr ?? ''}`.trim();
    expect(printed).to.contain('npm run demo').and.not.contain('\n');
  });

  it('sees the demo in .env too, unless the environment turns it off', () => {
    expect(demoRefusal({}, 'PORT=8080\nDEMO=1\n')).to.contain('.env');
    expect(demoRefusal({}, "export DEMO='true'")).to.contain('.env');
    expect(demoRefusal({ DEMO: '0' }, 'DEMO=1')).to.equal(null);
  });

  it('starts without a word about it otherwise', () => {
    expect(demoRefusal({}, '')).to.equal(null);
    expect(demoRefusal({ DEMO: '' }, '# DEMO=1\nDEMO=0\n')).to.equal(null);
    expect(demoRefusal({ DEMO: '0' }, '')).to.equal(null);
  });
});
