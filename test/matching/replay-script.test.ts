import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { recordRun } from '../../src/matching/matching-run.ts';
import { createMatchingIndex } from '../../src/matching/matching-index.ts';
import { randomCity, randomRequest } from './support/random-city.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/replay-run.ts', import.meta.url));

describe('npm run replay', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function replay(name: string, run: unknown): { status: number | null; printed: string } {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(run));
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', SCRIPT, file], {
      encoding: 'utf8',
    });
    return { status, printed: stdout + stderr };
  }

  it('says that a kept run gives the same result, and where a changed one does not', () => {
    const city = randomCity('dense', 300, 7);
    const index = createMatchingIndex();
    for (const helper of city.helpers) index.put(helper);
    const { request, moment } = randomRequest(city, 1);
    const easy = { ...request, requiredSkills: [], tier: 0 as const, languages: [], genderWish: null };
    const ranking = index.rank(easy, moment, { limit: 200, seed: 3 });
    expect(ranking.ranked.length).to.be.above(3);
    const run = recordRun('run-1', index, easy, moment, ranking);
    expect(replay('same.json', run)).to.include({ status: 0 });
    const changed = run.considered.map((one, at) => (at === 1 ? { ...one, isOnDuty: false } : one));
    const other = replay('other.json', { ...run, considered: changed });
    expect(other.status).to.equal(1);
    expect(other.printed).to.match(/Different from entry \d+ on/);
  });

  it('ends with status 2 when there is nothing to replay', () => {
    const { status } = spawnSync(process.execPath, ['--import', 'tsx', SCRIPT], { encoding: 'utf8' });
    expect(status).to.equal(2);
  });
});
