import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  bringToFormat,
  type Migration,
  readFormat,
} from '../../../../src/storage/embedded/catalog/format.ts';
import { type Env, openEnv, STORE_FILE } from '../../../../src/storage/embedded/kv/env.ts';
import { errorOf, makeDataDir } from '../support.ts';

const key = Uint8Array.of(7);

describe('a store of an older format', () => {
  let dataDir: string;
  let env: Env;

  beforeEach(async () => {
    dataDir = makeDataDir();
    env = openEnv({ dataDir });
    await bringToFormat(env, 1, new Map());
    await env.write([{ tree: 'documents', key, value: Uint8Array.of(1) }], () => {});
  });

  afterEach(async () => {
    await env.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const double: Migration = (writer) => {
    const [n] = writer.get('documents', key)!;
    writer.put('documents', key, Uint8Array.of(2 * n!));
  };

  it('is migrated step by step in one transaction, after a backup of what it was', async () => {
    const migrations = new Map([
      [1, double],
      [2, double],
    ]);
    await bringToFormat(env, 3, migrations);
    expect(readFormat(env.current)).to.equal(3);
    expect(env.current.get('documents', key)?.[0]).to.equal(4);
    const kept = makeDataDir();
    copyFileSync(`${env.path}.format-1`, join(kept, STORE_FILE));
    const backup = openEnv({ dataDir: kept, readOnly: true });
    expect(readFormat(backup.current)).to.equal(1);
    expect(backup.current.get('documents', key)?.[0]).to.equal(1);
    await backup.close();
    rmSync(kept, { recursive: true, force: true });
  });

  it('stays as it is when a step fails or is missing', async () => {
    const migrations = new Map<number, Migration>([
      [1, double],
      [
        2,
        () => {
          throw new Error('cannot');
        },
      ],
    ]);
    expect((await errorOf(bringToFormat(env, 3, migrations))).message).to.equal('cannot');
    expect(await errorOf(bringToFormat(env, 2, new Map()))).to.include({ code: 72 });
    expect(readFormat(env.current)).to.equal(1);
    expect(env.current.get('documents', key)?.[0]).to.equal(1);
  });
});
