import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Helper } from '../../src/matching/match-types.ts';

type Reply = string | number | null | Reply[];

/** A Redis server of our own, one geo key per skill, spoken to over its socket. */
export interface RedisPeer {
  readonly version: string;
  load(helpers: readonly Helper[]): Promise<void>;
  /** The cleverest use: growing radius until enough are found. Ids. */
  nearest(skillId: string, point: readonly [number, number], limit: number): Promise<string[]>;
  /** Takes all of them off duty, or puts them on, in one pipeline. */
  toggle(helpers: readonly Helper[], isOnDuty: boolean): Promise<void>;
  /** Microseconds the server spent in commands since the last call. */
  serverMicroseconds(): Promise<number>;
  stop(): void;
}

/** Starts redis-server on a socket in a new folder; null when it is not installed. */
export async function startRedisPeer(): Promise<RedisPeer | null> {
  let version: string;
  try {
    version = execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-redis-'));
  const path = join(folder, 'socket');
  const server = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', path, '--save', '', '--appendonly', 'no'],
    {
      cwd: folder,
      stdio: 'ignore',
    },
  );
  const socket = await connect(path, 100);
  const call = createCaller(socket);
  const keyOf = (skillId: string): string => `near:${skillId}`;
  return {
    version,
    async load(helpers) {
      await call([['FLUSHALL']]);
      let batch: string[][] = [];
      for (const helper of helpers) {
        if (helper.isOnDuty) batch.push(...adds(helper, keyOf));
        if (batch.length < 1000) continue;
        await call(batch);
        batch = [];
      }
      if (batch.length > 0) await call(batch);
    },
    async nearest(skillId, point, limit) {
      let found: string[] = [];
      for (const metres of [300, 800, 2000, 5000]) {
        const words = ['GEOSEARCH', keyOf(skillId), 'FROMLONLAT', `${point[0]}`, `${point[1]}`];
        const [reply] = await call([[...words, 'BYRADIUS', `${metres}`, 'm', 'ASC', 'COUNT', `${limit}`]]);
        found = Array.isArray(reply) ? reply.map(String) : [];
        if (found.length >= limit) break;
      }
      return found;
    },
    async toggle(helpers, isOnDuty) {
      const off = (one: Helper): string[][] =>
        one.skills.map((skill) => ['ZREM', keyOf(skill.skillId), one.helperId]);
      await call(helpers.flatMap((one) => (isOnDuty ? adds(one, keyOf) : off(one))));
    },
    async serverMicroseconds() {
      const [reply] = await call([['INFO', 'commandstats']]);
      await call([['CONFIG', 'RESETSTAT']]);
      const used = [...String(reply).matchAll(/cmdstat_(?:geosearch|geoadd|zrem):calls=\d+,usec=(\d+)/g)];
      return used.reduce((sum, match) => sum + Number(match[1]), 0);
    },
    stop() {
      socket.destroy();
      server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function adds(helper: Helper, keyOf: (skillId: string) => string): string[][] {
  const [longitude, latitude] = helper.point;
  return helper.skills.map((skill) => [
    'GEOADD',
    keyOf(skill.skillId),
    `${longitude}`,
    `${latitude}`,
    helper.helperId,
  ]);
}

/** Connects once the server listens; gives up after `tries` waits of 50 ms. */
async function connect(path: string, tries: number): Promise<Socket> {
  for (let left = tries; ; left -= 1) {
    const socket = createConnection(path);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (left === 0) throw error;
      await setTimeout(50);
    }
  }
}

/** Sends commands in one write and waits for all replies (RESP 2). */
function createCaller(socket: Socket): (commands: readonly (readonly string[])[]) => Promise<Reply[]> {
  let buffer = Buffer.alloc(0);
  let wanted = 0;
  let finish: ((replies: Reply[]) => void) | null = null;
  socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    const replies: Reply[] = [];
    let at = 0;
    while (replies.length < wanted) {
      const parsed = parseReply(buffer, at);
      if (parsed === null) return;
      replies.push(parsed.reply);
      at = parsed.next;
    }
    buffer = buffer.subarray(at);
    finish?.(replies);
  });
  return (commands) =>
    new Promise((resolve) => {
      wanted = commands.length;
      finish = resolve;
      socket.write(commands.map((words) => encode(words)).join(''));
    });
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

function parseReply(buffer: Buffer, from: number): { reply: Reply; next: number } | null {
  const end = buffer.indexOf('\r\n', from);
  if (end < 0) return null;
  const head = buffer.toString('utf8', from + 1, end);
  const kind = String.fromCharCode(buffer[from] ?? 0);
  let next = end + 2;
  if (kind === ':') return { reply: Number(head), next };
  if (kind === '$') {
    const size = Number(head);
    if (size < 0) return { reply: null, next };
    if (buffer.length < next + size + 2) return null;
    return { reply: buffer.toString('utf8', next, next + size), next: next + size + 2 };
  }
  if (kind !== '*') return { reply: head, next };
  const replies: Reply[] = [];
  for (let i = 0; i < Number(head); i += 1) {
    const one = parseReply(buffer, next);
    if (one === null) return null;
    replies.push(one.reply);
    next = one.next;
  }
  return { reply: replies, next };
}
