import { join } from 'node:path';
import { openServer } from '../../../src/storage/embedded/server.ts';

/** A store in a process of its own, for tests that kill it. Prints `ready` when it takes connections. */
const dataDir = process.argv[2]!;
await openServer({
  dataDir,
  listen: { path: join(dataDir, 'store.sock') },
  ballastBytes: 0,
  expireEveryMs: 50,
  log() {},
  onFatal(error) {
    console.log(`fatal ${String(error)}`);
    process.exit(3);
  },
});
console.log('ready');
