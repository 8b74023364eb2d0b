import { gzipSync } from 'node:zlib';
import net from 'node:net';
import { expect } from 'chai';
import supertest, { type Response } from 'supertest';
import type { ProblemView } from '../../src/shared/api-types.ts';
import type { TestCommunity, TestPerson } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('bad input', () => {
  let app: TestApp;
  let town: TestCommunity;
  let amina: TestPerson;
  before(async () => {
    app = await startTestApp();
    town = await app.given.community();
    amina = await town.resident();
  });
  after(async () => {
    expect(app.logs, 'errors in the log').to.deep.equal([]);
    await app.stop();
  });

  /** A command as bytes, so that nothing on the way makes it well-formed. */
  async function raw(body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
    const post = supertest(app.baseUrl)
      .put('/api/me/settings')
      .set({
        Origin: app.baseUrl,
        Cookie: amina.cookie(),
        'Content-Type': 'application/json',
        ...headers,
      });
    return await post.serialize((value: unknown) => value as string).send(body as string);
  }

  function problem(answer: Response, status: number, code: string): ProblemView {
    expect(answer.status, answer.text).to.equal(status);
    expect(answer.headers['content-type']).to.equal('application/problem+json; charset=utf-8');
    const view = answer.body as ProblemView;
    expect(view).to.include({ status, code, type: `/api/problems/${code}` });
    expect(view.instance).to.match(/^urn:uuid:/);
    expect(answer.text).to.not.match(/node_modules|\.ts:|at async/);
    return view;
  }

  for (const [what, body] of [
    ['that is no JSON', '{"language":'],
    ['that is a bare text', '"en"'],
    ['with a byte order mark', '\uFEFF{"language":"en"}'],
    ['that is not UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['five thousand levels deep', '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)],
    [
      'of ten thousand fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`f${String(n)}`, 1]))),
    ],
    ['with a list of a thousand', JSON.stringify({ language: Array.from({ length: 1_000 }, () => 1) })],
  ] as [string, string | Buffer][]) {
    it(`a body ${what} is malformed`, async () => {
      problem(await raw(body), 400, 'malformed-body');
    });
  }

  it('a body over 32 KB is too large, also when it was packed small', async () => {
    problem(await raw(JSON.stringify({ language: 'x'.repeat(33_000) })), 413, 'body-too-large');
    const bomb = gzipSync(Buffer.alloc(30_000_000, 0x20));
    expect(bomb.length).to.be.lessThan(32_000);
    problem(await raw(bomb, { 'Content-Encoding': 'gzip' }), 413, 'body-too-large');
  });

  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-7',
    'application/json; charset=utf-16',
    'application/xml',
  ]) {
    it(`a body of ${type} is not read`, async () => {
      problem(await raw('{"language":"en"}', { 'Content-Type': type }), 415, 'unsupported-media-type');
    });
  }

  for (const [what, body, pointer] of [
    ['an operator of the store', { language: { $ne: null } }, '/language/$ne'],
    ['an operator as a field', { $where: 'true' }, '/$where'],
    ['a path as a field', { 'a.b': 1 }, '/a.b'],
    ['a list for a word', { language: ['en'] }, '/language'],
    ['a number for a word', { language: 1 }, '/language'],
    ['null for a word', { language: null }, '/language'],
    ['a field that does not exist', { language: 'en', roles: ['administrator'] }, '/roles'],
    ['a control character', { language: 'en\u0000' }, '/language'],
    ['half a surrogate pair', { language: '\uD800' }, '/language'],
  ] as [string, object, string][]) {
    it(`${what} is named at its place`, async () => {
      const view = problem(await raw(JSON.stringify(body)), 422, 'invalid-input');
      expect(view.errors?.map((entry) => entry.pointer)).to.include(pointer);
    });
  }

  for (const name of ['__proto__', 'constructor', 'prototype']) {
    it(`${name} as a field changes nothing and is refused`, async () => {
      problem(await raw(`{"language":"en","${name}":{"isAdmin":true}}`), 422, 'invalid-input');
      expect(({} as Record<string, unknown>)['isAdmin']).to.equal(undefined);
    });
  }

  it('all bad fields are named at once, and at most fifty', async () => {
    const two = problem(await raw(JSON.stringify({ language: 'xx', mode: 'big' })), 422, 'invalid-input');
    expect(two.errors?.map(({ pointer }) => pointer).sort()).to.deep.equal(['/language', '/mode']);
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`f${String(n)}`, 1]));
    expect(problem(await raw(JSON.stringify(many)), 422, 'invalid-input').errors).to.have.length(50);
  });

  for (const number of ['1e400', '-1', '1.5', '9007199254740993', '"1"', '"1e3"', 'null', '[1]', 'true']) {
    it(`${number} is no version`, async () => {
      const body = `{"displayName":"A","phone":null,"door":null,"contactName":null,"buildingId":null,"version":${number}}`;
      const answer = await supertest(app.baseUrl)
        .put('/api/me')
        .set({ Origin: app.baseUrl, Cookie: amina.cookie(), 'Content-Type': 'application/json' })
        .serialize((value: unknown) => value as string)
        .send(body as never);
      const view = problem(answer, 422, 'invalid-input');
      expect(view.errors?.map(({ pointer }) => pointer)).to.deep.equal(['/version']);
    });
  }

  for (const point of [[181, 10], [10, 91], [0, 0], ['79.9', 37], [79.9], [79.9, 37, 3, 4], null]) {
    it(`${JSON.stringify(point)} is no place on earth`, async () => {
      const answer = await town.administrator.put('/community', { centrePoint: point, version: 1 });
      const view = problem(answer, 422, 'invalid-input');
      expect(view.errors?.some(({ pointer }) => pointer.startsWith('/centrePoint'))).to.equal(true);
    });
  }

  for (const id of [
    '1',
    'A'.repeat(36),
    '0'.repeat(25),
    '01900000-0000-4000-8000-000000000000',
    '..%2f..%2fetc',
    '%2e%2e%2f',
    'a%00b',
    '%ff',
    "'--",
    '{"$ne":1}',
    'x'.repeat(5_000),
  ]) {
    it(`nobody is found under ${id.slice(0, 40)}`, async () => {
      const answer = await town.administrator.post(
        `/accounts/${encodeURI(id).replaceAll('%25', '%')}/approve`,
      );
      problem(answer, 404, 'not-found');
    });
  }

  it('a query value given twice, of another kind or unknown is named', async () => {
    for (const [query, pointer] of [
      ['status=active&status=waiting', '?status'],
      ['limit=51', '?limit'],
      ['limit=0', '?limit'],
      ['limit=ten', '?limit'],
      ['limit=1e1', null],
      ['cursor=../../', '?cursor'],
      ['status[$ne]=active', '?status[$ne]'],
      ['unknown=1', '?unknown'],
    ] as [string, string | null][]) {
      const answer = await town.administrator.get(`/accounts?${query}`);
      if (pointer === null) expect(answer.status).to.be.oneOf([200, 422]);
      else
        expect(
          problem(answer, 422, 'invalid-input').errors?.map((entry) => entry.pointer),
          query,
        ).to.include(pointer);
    }
  });

  it('an idempotency key of another shape is named', async () => {
    for (const key of ['', ' ', 'a b', 'x'.repeat(65), 'ключ'.replaceAll(/./g, '?')]) {
      const answer = await amina.put('/me/settings', { mode: 'normal' }, { key });
      problem(answer, 422, 'invalid-input');
    }
  });

  it('headers over 16 KB are refused by the server itself', async () => {
    expect(
      await firstLine(
        `GET /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
      ),
    ).to.equal('HTTP/1.1 431 Request Header Fields Too Large');
  });

  it('two lengths of one body are refused, so that nothing can be smuggled behind it', async () => {
    const both =
      'POST /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await firstLine(both)).to.equal('HTTP/1.1 400 Bad Request');
  });

  it('what a client says about its address is not believed without a proxy', async () => {
    const answer = await supertest(app.baseUrl)
      .get('/api/setup')
      .set({ 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-For': '203.0.113.9' });
    expect(answer.status).to.equal(200);
  });

  async function firstLine(bytes: string): Promise<string> {
    const { port, hostname } = new URL(app.baseUrl);
    return await new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), hostname, () => socket.write(bytes));
      socket.once('data', (chunk) => {
        resolve(chunk.toString('latin1').split('\r\n')[0] ?? '');
        socket.destroy();
      });
      socket.once('error', reject);
    });
  }
});
