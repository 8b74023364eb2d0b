import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { expect } from 'chai';
import supertest from 'supertest';
import { ok, PASSPHRASE } from '../support/people.ts';
import { sampleCommunity } from '../support/sample-community.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const PAGE = '<!doctype html>\n<html lang="en"><head><title>Linli</title></head><body></body></html>';

describe('the headers of every answer', () => {
  let app: TestApp;
  let client: string;
  before(async () => {
    client = await mkdtemp(path.join(tmpdir(), 'linli-client-'));
    await mkdir(path.join(client, 'assets'));
    await writeFile(path.join(client, 'index.html'), PAGE);
    await writeFile(path.join(client, 'assets', 'main-Ab3dE6gH.js'), 'plain');
    await writeFile(path.join(client, 'assets', 'main-Ab3dE6gH.js.br'), brotliCompressSync('squeezed'));
    await writeFile(path.join(client, 'assets', 'gone-Ab3dE6gH.js'), 'plain');
    await writeFile(path.join(client, 'assets', 'gone-Ab3dE6gH.js.br'), brotliCompressSync('squeezed'));
    await writeFile(path.join(client, 'icons.svg'), '<svg/>');
    app = await startTestApp({ clientDir: client });
  });
  after(async () => {
    await app.stop();
    await rm(client, { recursive: true });
  });
  const get = (url: string): supertest.Test => supertest(app.baseUrl).get(url);

  for (const url of [
    '/',
    '/r/1',
    '/api/setup',
    '/api/me',
    '/api/nothing',
    '/assets/none.js',
    '/livez',
    '/readyz',
    '/api/%ff',
  ]) {
    it(`keep browsers safe at ${url}`, async () => {
      const { headers } = await get(url);
      const policy = String(headers['content-security-policy']);
      for (const rule of [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",
        'trusted-types svelte-trusted-html linli-sw',
      ]) {
        expect(policy.split(';'), rule).to.include(rule);
      }
      expect(policy).to.not.contain('unsafe');
      expect(headers).to.include({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['permissions-policy']).to.contain('geolocation=(self)').and.contain('microphone=()');
      expect(headers).to.not.have.any.keys(
        'x-powered-by',
        'server',
        'strict-transport-security',
        'access-control-allow-origin',
      );
    });
  }

  it('let nobody keep an answer of the API', async () => {
    for (const url of ['/api/setup', '/api/me', '/api/nothing']) {
      const { headers } = await get(url);
      expect(headers['cache-control']).to.equal('no-store');
      expect(headers).to.not.have.property('etag');
    }
  });

  it('let browsers keep hashed files for a year, packed as they like them', async () => {
    const packed = await get('/assets/main-Ab3dE6gH.js').set('Accept-Encoding', 'br');
    expect(packed.text).to.equal('squeezed');
    expect(packed.headers).to.include({
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const plain = await get('/assets/main-Ab3dE6gH.js').set('Accept-Encoding', 'identity');
    expect(plain.text).to.equal('plain');
    expect(plain.headers['content-type']).to.equal('text/javascript; charset=utf-8');
    expect((await get('/icons.svg')).headers['cache-control']).to.equal('no-cache');
  });

  it('write language, direction and mode of the reader into the page', async () => {
    const of = async (headers: Record<string, string>): Promise<string> =>
      /<html[^>]*>/.exec((await get('/r/1').set(headers)).text)?.[0] ?? '';
    expect(await of({ cookie: 'linli-lang=ug; linli-mode=elder' })).to.equal(
      '<html lang="ug" dir="rtl" data-mode="elder">',
    );
    expect(await of({ cookie: 'linli-lang=xx"><script>; linli-mode=big' })).to.equal(
      '<html lang="zh-CN" dir="ltr" data-mode="normal">',
    );
    expect(await of({ 'accept-language': 'en-GB,en;q=0.9' })).to.equal(
      '<html lang="en" dir="ltr" data-mode="normal">',
    );
    expect(await of({ 'accept-language': 'fr' })).to.equal(
      '<html lang="zh-CN" dir="ltr" data-mode="normal">',
    );
  });

  it('say 404 for a file that is not there, and for an unknown address of the API', async () => {
    expect((await get('/assets/none.js')).status).to.equal(404);
    expect((await get('/../package.json')).status).to.equal(404);
    expect((await get('/.env')).status).to.be.oneOf([200, 404]);
    expect((await get('/.env')).text).to.not.contain('KEY_DIR');
    const unknown = await get('/api/nothing');
    expect(unknown.status).to.equal(404);
    expect(unknown.headers['content-type']).to.equal('application/problem+json; charset=utf-8');
  });

  it('say 404 in plain words for a file that was there at the start, and keep nobody from asking again', async () => {
    for (const file of ['gone-Ab3dE6gH.js', 'gone-Ab3dE6gH.js.br'])
      await rm(path.join(client, 'assets', file));
    const gone = await get('/assets/gone-Ab3dE6gH.js').set('Accept-Encoding', 'br');
    expect(gone.status).to.equal(404);
    expect(gone.headers['content-type']).to.equal('application/problem+json; charset=utf-8');
    expect(gone.headers).to.not.have.property('content-encoding');
    expect(gone.headers['cache-control']).to.equal('no-store');
    expect((JSON.parse(gone.text) as { code: string }).code).to.equal('not-found');
  });

  it('name the methods that an address knows', async () => {
    const answer = await supertest(app.baseUrl).delete('/api/community').set('Origin', app.baseUrl);
    expect(answer.status).to.equal(405);
    expect(answer.headers['allow']).to.equal('GET, PUT');
    expect((await supertest(app.baseUrl).trace('/api/community')).status).to.equal(405);
  });
});

describe('behind a proxy that ends TLS', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp({ env: { PUBLIC_ORIGIN: 'https://linli.test', TRUST_PROXY: '1' } });
  });
  after(async () => {
    await app.stop();
  });

  it('the cookies are bound to the host, hidden from scripts, and sent over https only', async () => {
    const { community } = await givenDirector(app);
    const answer = await ok(
      supertest(app.baseUrl)
        .post('/api/session')
        .set({ Host: 'linli.test', Origin: 'https://linli.test', 'X-Forwarded-Proto': 'https' })
        .send({ signInName: 'director', passphrase: PASSPHRASE, community }),
      201,
    );
    const cookies = (answer.headers['set-cookie'] as unknown as string[]).map((line) => line.split('; '));
    expect(cookies.map(([pair]) => pair?.split('=')[0]).sort()).to.deep.equal([
      '__Host-device',
      '__Host-sid',
    ]);
    for (const cookie of cookies) {
      expect(cookie).to.include.members(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']);
      expect(cookie.some((part) => part.startsWith('Domain'))).to.equal(false);
    }
    expect(answer.headers['strict-transport-security']).to.equal('max-age=63072000; includeSubDomains');
  });

  it('another name of the machine is not answered', async () => {
    expect((await supertest(app.baseUrl).get('/api/setup').set('Host', 'evil.test')).status).to.equal(403);
    expect((await supertest(app.baseUrl).get('/livez').set('Host', 'evil.test')).status).to.equal(200);
  });
});

async function givenDirector(app: TestApp): Promise<{ community: string }> {
  const community = await app.house.communities.create(sampleCommunity('proxied', app.newId));
  await app.house.registration.createAdministrator(community.id, {
    displayName: 'The director',
    signInName: 'director',
    passphrase: PASSPHRASE,
    language: 'en',
  });
  return { community: community.slug };
}
