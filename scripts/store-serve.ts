import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SET_NAME } from '../src/storage/embedded/open-engine.ts';
import { openServer } from '../src/storage/embedded/server.ts';

const USAGE = 'npm run store:serve -- --data DIR [--port N] [--test]';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '27017' },
    test: { type: 'boolean', default: false },
  },
});
const port = Number(values.port);
if (values.data === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(USAGE);
  process.exit(2);
}

try {
  const served = await openServer({
    dataDir: resolve(values.data),
    listen: { port },
    isTest: values.test,
    log: (level, fields, message) => console.error(JSON.stringify({ level, message, ...fields })),
    onFatal(error) {
      console.error('the store cannot write any more:', error);
      process.exit(1);
    },
  });
  console.log(`serving ${values.data} at mongodb://${served.address}/?replicaSet=${SET_NAME}`);
  const stop = async () => {
    await served.stop();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
