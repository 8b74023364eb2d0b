import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { loadKeys } from '../../src/privacy/keys.ts';

describe('the keys of an installation', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'linli-keys-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function failure(): Promise<string> {
    try {
      await loadKeys(directory);
    } catch (error) {
      return String(error);
    }
    return '';
  }

  it('are made once, readable by the owner only, and the same at the next start', async () => {
    const first = await loadKeys(path.join(directory, 'keys'));
    const second = await loadKeys(path.join(directory, 'keys'));
    expect(second).to.deep.equal(first);
    for (const file of await readdir(path.join(directory, 'keys'))) {
      expect((await stat(path.join(directory, 'keys', file))).mode & 0o777).to.equal(0o600);
    }
    expect(
      new Set([first.master[0]?.key.toString('hex'), first.lookup.toString('hex'), first.session[0]]).size,
    ).to.equal(3);
  });

  it('are the same for processes that start together', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, async () => await loadKeys(directory)));
    expect(new Set(all.map((keys) => keys.session[0])).size).to.equal(1);
    expect((await readdir(directory)).sort()).to.deep.equal(['lookup.key', 'master.keys', 'session.keys']);
  });

  it('put a new line first and still read with the old one', async () => {
    const old = await loadKeys(directory);
    const file = path.join(directory, 'master.keys');
    await writeFile(file, `new1 ${Buffer.alloc(32, 7).toString('base64')}\n${await readFile(file, 'utf8')}`);
    const now = await loadKeys(directory);
    expect(now.master.map(({ kid }) => kid)).to.deep.equal(['new1', old.master[0]?.kid]);
  });

  it('are refused when other users can read them', async function () {
    if (process.platform === 'win32') this.skip();
    await loadKeys(directory);
    await chmod(path.join(directory, 'lookup.key'), 0o644);
    expect(await failure())
      .to.contain('lookup.key')
      .and.contain('chmod 600');
  });

  it('are refused when damaged, without printing them', async () => {
    await loadKeys(directory);
    await writeFile(path.join(directory, 'session.keys'), 'k1 c2hvcnQ=\n', { mode: 0o600 });
    expect(await failure())
      .to.contain('session.keys')
      .and.not.contain('c2hvcnQ');
  });
});
