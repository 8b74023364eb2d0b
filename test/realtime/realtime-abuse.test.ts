import { expect } from 'chai';
import { answerOf, openRealtime, settled } from './open-realtime.ts';
import type { OpenRealtime } from './open-realtime.ts';
import { openRawWebSocket } from './raw-websocket.ts';
import type { RawWebSocket } from './raw-websocket.ts';

describe('sockets that misbehave', () => {
  let house: OpenRealtime;
  beforeEach(async () => {
    house = await openRealtime();
  });
  afterEach(async () => await house.close());

  /** Signed in, connected to the namespace, by hand. */
  async function rawSocketOf(accountId: string): Promise<RawWebSocket> {
    const { socket } = await openRawWebSocket(house.origin, {
      Origin: house.origin,
      Cookie: `linli-sid=${house.people.signIn(accountId)}`,
    });
    if (socket === null) throw new Error('the upgrade was refused');
    const connected = new Promise<void>((resolve) => {
      socket.stream.on('data', (chunk: Buffer) => (chunk.includes('40{') ? resolve() : undefined));
    });
    socket.send('40');
    await connected;
    return socket;
  }

  it('a flood is cut, fast clicking is not', async () => {
    const socket = await house.connected(house.people.signIn('aygul'));
    for (let count = 0; count < 30; count += 1) await settled(socket);
    expect(socket.connected).to.equal(true);
    const cut = answerOf(socket, 'disconnect');
    for (let count = 0; count < 200; count += 1) socket.emit('board:leave', () => undefined);
    await cut;
    expect(house.warnings).to.deep.equal(['flood']);
  });

  it('a flood before anybody has signed in is cut too', async () => {
    const { socket } = await openRawWebSocket(house.origin, { Origin: house.origin });
    for (let count = 0; count < 200; count += 1) socket?.send('3');
    await socket?.ended;
    expect(house.warnings).to.deep.equal(['flood']);
  });

  it('the allowance comes back with time', async () => {
    const socket = await house.connected(house.people.signIn('aygul'));
    for (let second = 0; second < 5; second += 1) {
      for (let count = 0; count < 20; count += 1) await settled(socket);
      house.passMs(1_000);
    }
    expect(socket.connected).to.equal(true);
  });

  it('somebody who never reads is cut before much waits for them, and others go on', async () => {
    const silent = await rawSocketOf('silent');
    const reader = await house.connected(house.people.signIn('reader'));
    silent.stream.pause();
    const change = { requestId: 'r'.repeat(8_000), status: 'open', version: 1 };
    const isOpen = () => house.reachability.isReachable('silent');
    let sent = 0;
    // What the two kernels hold between them is not ours; beyond that at most 200 packets or 1 MB may wait.
    while (isOpen() && sent < 20_000) {
      house.publisher.requestChanged(['silent'], null, change);
      sent += 1;
      if (sent % 50 === 0) await settled(reader).then(() => house.passMs(1_000));
    }
    expect(isOpen()).to.equal(false);
    expect(house.warnings).to.deep.equal(['not reading']);
    await settled(reader);
    silent.stream.destroy();
  });

  const badFrames: [string, (socket: RawWebSocket) => void][] = [
    ['an event called error', (socket) => socket.send('42["error",{"message":"boom"}]')],
    ['an event called disconnect', (socket) => socket.send('42["disconnect"]')],
    ['an event nobody knows', (socket) => socket.send('42["board:burn",{"a":1}]')],
    ['an event without a name', (socket) => socket.send('42[]')],
    ['an event whose name is a number', (socket) => socket.send('42[7]')],
    ['a known event with the wrong argument', (socket) => socket.send('42["board:enter",{"reply":true}]')],
    ['a known event without anything', (socket) => socket.send('42["board:enter"]')],
    ['an event in a prototype costume', (socket) => socket.send('42["__proto__",{}]')],
    ['an answer to a question nobody asked', (socket) => socket.send('437["ok"]')],
    ['half a packet', (socket) => socket.send('42["board:enter"')],
    ['a packet of an unknown type', (socket) => socket.send('49')],
    ['an Engine.IO type that does not exist', (socket) => socket.send('9')],
    ['an empty text', (socket) => socket.send('')],
    [
      'an attachment that is announced and never comes',
      (socket) => socket.send('451-["board:enter",{"_placeholder":true,"num":0}]'),
    ],
    ['a million attachments', (socket) => socket.send('451000000-["board:enter"]')],
    ['binary', (socket) => socket.send(Buffer.from([1, 2, 3, 4]), 2)],
    ['another namespace', (socket) => socket.send('40/admin,')],
    ['a second connect', (socket) => socket.send('40')],
    ['deep nesting', (socket) => socket.send(`42["board:enter",${'['.repeat(5_000)}${']'.repeat(5_000)}]`)],
    ['more than sixteen kilobytes', (socket) => socket.send(`42["board:enter","${'a'.repeat(20_000)}"]`)],
    ['text that is not UTF-8', (socket) => socket.send(Buffer.from([0x34, 0x32, 0xff, 0xfe]))],
    ['an unmasked frame', (socket) => socket.sendRaw(Buffer.from([0x81, 0x02, 0x34, 0x30]))],
    ['reserved bits', (socket) => socket.sendRaw(Buffer.from([0xf1, 0x80, 1, 2, 3, 4]))],
    [
      'a frame of an impossible length',
      (socket) => socket.sendRaw(Buffer.from([0x81, 0xff, 127, 255, 255, 255, 255, 255, 255, 255])),
    ],
  ];
  for (const [name, misbehave] of badFrames) {
    it(`${name} leaves the process alive and the others connected`, async () => {
      const good = await house.connected(house.people.signIn('good'));
      const bad = await rawSocketOf('bad');
      misbehave(bad);
      bad.send('2probe-after');
      await settled(good);
      await settled(good);
      expect(good.connected).to.equal(true);
      const newcomer = await house.connected(house.people.signIn('newcomer'));
      await settled(newcomer);
      bad.stream.destroy();
    });
  }

  it('binary is answered by the end of the connection', async () => {
    const bad = await rawSocketOf('bad');
    bad.send(Buffer.from([1, 2, 3, 4]), 2);
    await bad.ended;
    expect(house.warnings).to.deep.equal(['binary']);
  });
});
