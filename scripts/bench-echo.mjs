// A server that does nothing: it answers each command with a reply made beforehand. The floor of the benchmark.
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { serialize } from 'bson';

const { path, document } = workerData;
const hello = {
  isWritablePrimary: true,
  ismaster: true,
  setName: 'linli',
  hosts: [path],
  primary: path,
  me: path,
  maxBsonObjectSize: 16777216,
  maxMessageSizeBytes: 48000000,
  maxWriteBatchSize: 100000,
  logicalSessionTimeoutMinutes: 30,
  minWireVersion: 0,
  maxWireVersion: 21,
  helloOk: true,
  ok: 1,
};
const replies = {
  hello: serialize(hello),
  ismaster: serialize(hello),
  find: serialize({ cursor: { firstBatch: [document], id: 0n, ns: 'bench.things' }, ok: 1 }),
  insert: serialize({ n: 1, ok: 1 }),
  findAndModify: serialize({ lastErrorObject: { n: 1, updatedExisting: true }, value: document, ok: 1 }),
};
const ok = serialize({ ok: 1 });

function frame(opCode, responseTo, body) {
  const isMessage = opCode === 2013;
  const out = Buffer.alloc(16 + (isMessage ? 5 : 20) + body.length);
  out.writeInt32LE(out.length, 0);
  out.writeInt32LE(responseTo, 8);
  out.writeInt32LE(isMessage ? 2013 : 1, 12);
  if (!isMessage) out.writeInt32LE(1, 32);
  out.set(body, out.length - body.length);
  return out;
}

function answer(message) {
  const opCode = message.readInt32LE(12);
  const start = opCode === 2013 ? 21 : message.indexOf(0, 20) + 9;
  // The name of the first field is the command.
  const name = message.toString('latin1', start + 5, message.indexOf(0, start + 5));
  return frame(opCode, message.readInt32LE(4), replies[name] ?? ok);
}

createServer({ noDelay: true }, (socket) => {
  let rest = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      socket.write(answer(rest.subarray(0, length)));
      rest = rest.subarray(length);
    }
  });
}).listen(path, () => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for browser windows
  parentPort.postMessage('listening');
});
