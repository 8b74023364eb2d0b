/**
 * The yardstick of `bench:live`: Express, Socket.IO and Mongoose on the same store with nothing between. A POST
 * does so many sequential durable inserts, then one emit to one socket, then answers. Started as a child process;
 * says `{ "origin" }` to its parent when it listens.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Schema } from 'mongoose';
import { Server } from 'socket.io';
import { createIdSource } from '../../src/ids.ts';
import { silentLogger } from '../../src/logger.ts';
import { openStorage } from '../../src/storage/open-storage.ts';

const [dataDir = '', inserts = '1'] = process.argv.slice(2);
const storage = await openStorage({ mongodbUri: null, dataDir, logger: silentLogger });
const entrySchema = new Schema(
  { _id: String, step: Number, body: Schema.Types.Mixed },
  { versionKey: false },
);
const entries = storage.connection.model('entries', entrySchema, 'entries');
await storage.buildIndexes();
const newId = createIdSource({ now: () => new Date() });

const app = express();
app.disable('x-powered-by');
app.use(express.json({ limit: '32kb' }));
const server = createServer(app);
const io = new Server(server, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
io.on('connection', (socket) => void socket.join(`account:${String(socket.handshake.auth['accountId'])}`));

app.post('/requests', async (request, response) => {
  const { helperId, ...body } = request.body as { helperId: string } & Record<string, unknown>;
  const id = newId();
  for (let step = 0; step < Number(inserts); step += 1) {
    await entries.insertMany([{ _id: step === 0 ? id : newId(), step, body }], { lean: true });
  }
  io.to(`account:${helperId}`).emit('match:offered', { id: newId(), request: { id, ...body } });
  response.status(201).json({ id, ...body });
});

server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.({ origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` });
process.on('SIGTERM', () => {
  void storage.close().then(() => process.exit(0));
});
