import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { isOwnHost, isOwnOrigin, requireOwnOrigin, type OriginRule } from '../../src/http/origin-check.ts';

const request = (headers: Record<string, string>): IncomingMessage =>
  ({ headers }) as unknown as IncomingMessage;
const published: OriginRule = { publicOrigin: 'https://linli.example', anyHost: false };
const loopback: OriginRule = { publicOrigin: null, anyHost: false };
const demo: OriginRule = { publicOrigin: null, anyHost: true };

function passes(rule: OriginRule, headers: Record<string, string>): boolean {
  try {
    requireOwnOrigin(rule, request(headers));
    return true;
  } catch {
    return false;
  }
}

describe('our own origin', () => {
  it('is exactly the public one, in every letter', () => {
    const host = 'linli.example';
    expect(passes(published, { host, origin: 'https://linli.example' })).to.equal(true);
    for (const origin of [
      'http://linli.example',
      'https://linli.example:8443',
      'https://linli.example.evil.example',
      'https://sub.linli.example',
      'https://LINLI.example',
      'null',
      '',
    ]) {
      expect(passes(published, { host, origin }), origin).to.equal(false);
    }
  });

  it('on loopback and in the demo is the host that was asked', () => {
    expect(passes(loopback, { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' })).to.equal(true);
    expect(passes(loopback, { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:9090' })).to.equal(false);
    expect(passes(demo, { host: '192.168.1.7:8080', origin: 'http://192.168.1.7:8080' })).to.equal(true);
    expect(passes(demo, { host: '192.168.1.7:8080', origin: 'http://evil.example' })).to.equal(false);
  });

  it('may be vouched for by Sec-Fetch-Site when a browser sends no Origin, and a program that sends neither is refused', () => {
    const host = 'linli.example';
    expect(passes(published, { host, 'sec-fetch-site': 'same-origin' })).to.equal(true);
    expect(passes(published, { host, 'sec-fetch-site': 'none' })).to.equal(true);
    expect(passes(published, { host, 'sec-fetch-site': 'cross-site' })).to.equal(false);
    expect(passes(published, { host, 'sec-fetch-site': 'same-site' })).to.equal(false);
    expect(passes(published, { host })).to.equal(false);
  });

  it('does not help a request that a browser calls cross-site', () => {
    const headers = {
      host: 'linli.example',
      origin: 'https://linli.example',
      'sec-fetch-site': 'cross-site',
    };
    expect(passes(published, headers)).to.equal(false);
  });

  it('on loopback does not belong to a name that somebody points at this machine', () => {
    expect(isOwnHost(loopback, request({ host: 'evil.example:8080' }))).to.equal(false);
    expect(isOwnOrigin(loopback, request({ host: 'evil.example', origin: 'http://evil.example' }))).to.equal(
      false,
    );
    for (const host of ['localhost:8080', '127.0.0.1', '[::1]:8080']) {
      expect(isOwnHost(loopback, request({ host })), host).to.equal(true);
    }
  });
});
