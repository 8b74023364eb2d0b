import { type Engine, submitWrite } from '../engine.ts';
import { idPrefix } from '../index/keys.ts';
import { afterPrefix } from '../kv/view.ts';

const CHUNK_MS = 5;

/**
 * Removes what dropped collections and indexes left behind, a slice at a time. A restart goes on where
 * it ended, because the note of it goes in the same transaction as the last slice.
 */
export async function removeGarbage(engine: Engine, isStopping: () => boolean): Promise<void> {
  for (const { tree, id, key: note } of engine.catalog.garbage(engine.env.current)) {
    const prefix = idPrefix(id);
    const stretch = { from: prefix, to: afterPrefix(prefix) };
    for (let isLast = false; !isLast;) {
      if (isStopping()) return;
      isLast = await submitWrite(engine, ({ writer }) => {
        const keys: Uint8Array[] = [];
        for (const { key } of writer.range(tree, stretch)) {
          keys.push(key);
          if (keys.length >= 500) break;
        }
        const started = performance.now();
        let done = 0;
        for (const key of keys) {
          writer.remove(tree, key);
          done++;
          if (performance.now() - started > CHUNK_MS) break;
        }
        if (done < keys.length || keys.length >= 500) return false;
        writer.remove('catalog', note);
        return true;
      });
    }
  }
}
