import { rmSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { openEnv } from '../../../../src/storage/embedded/kv/env.ts';
import type { Change } from '../../../../src/storage/embedded/kv/overlay.ts';
import { makeDataDir } from '../support.ts';

const key = Uint8Array.of(1);
const put = (n: number): Change => ({ tree: 'documents', key, value: Uint8Array.of(n) });

describe('the environment of the store', () => {
  it('shows readers and snapshots the moment before, until what memory knows is published too', async () => {
    const dataDir = makeDataDir();
    const env = openEnv({ dataDir });
    let published = 0;
    const seen: { read: number | undefined; snapshot: number | undefined; published: number }[] = [];
    for (let n = 1; n <= 300; n++) {
      let isWriting = true;
      const writing = env
        .write([put(n)], () => {
          published = n;
        })
        .finally(() => {
          isWriting = false;
        });
      while (isWriting) {
        const snapshot = env.snapshot();
        seen.push({
          read: env.current.get('documents', key)?.[0],
          snapshot: snapshot.get('documents', key)?.[0],
          published: published % 256,
        });
        snapshot.release();
        await nextTurn();
      }
      await writing;
    }
    await env.close();
    rmSync(dataDir, { recursive: true, force: true });
    for (const moment of seen) {
      expect([moment.read ?? 0, moment.snapshot ?? 0]).to.deep.equal([moment.published, moment.published]);
    }
  });
});
