import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createTextHook, createTextTray } from '../../src/notifications/text-carriers.ts';

describe('the tray of texts that would have been sent', () => {
  it('keeps the last fifty, newest first, with two digits of the phone', async () => {
    const tray = createTextTray({ clock: { now: () => new Date('2026-05-01T08:00:00Z') } });
    for (let count = 1; count <= 60; count += 1) await tray.send('13999990417', `text ${String(count)}`);
    const texts = tray.list();
    expect(texts).to.have.length(50);
    expect(texts[0]).to.deep.equal({ at: new Date('2026-05-01T08:00:00Z'), to: '••• 17', text: 'text 60' });
    expect(texts.at(-1)?.text).to.equal('text 11');
  });
});

describe('the SMS hook', () => {
  async function hookThatAnswers(status: number, headers: Record<string, string> = {}) {
    const received: unknown[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => void (body += String(chunk)));
      request.on('end', () => {
        received.push(JSON.parse(body));
        response.writeHead(status, headers).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/texts`;
    return { received, url, close: () => server.close().closeAllConnections() };
  }

  it('hands number and text over as JSON', async () => {
    const provider = await hookThatAnswers(202);
    await createTextHook({ url: provider.url }).send('13999990417', 'hello');
    expect(provider.received).to.deep.equal([{ to: '13999990417', text: 'hello' }]);
    provider.close();
  });

  it('fails when the provider refuses or sends it elsewhere', async () => {
    for (const [status, headers] of [
      [500, {}],
      [302, { location: 'http://127.0.0.1:1/' }],
    ] as const) {
      const provider = await hookThatAnswers(status, headers);
      const error = await createTextHook({ url: provider.url })
        .send('1', 'hello')
        .catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(Error);
      provider.close();
    }
  });
});
