import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { CONFIG_VARIABLES, ConfigError, readConfig } from '../src/config.ts';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env, '/srv/linli');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the settings of the service', () => {
  it('have the same names in .env.example as in the code', () => {
    const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const names = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
    expect(names).to.deep.equal(Object.keys(CONFIG_VARIABLES));
  });

  it('in .env.example are the defaults', () => {
    const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const env = Object.fromEntries(
      [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    expect(readConfig(env, '/srv/linli')).to.deep.equal(readConfig({}, '/srv/linli'));
  });

  it('listen on loopback only, with the keys outside the data, when nothing is set', () => {
    const config = readConfig({}, '/srv/linli');
    expect(config).to.include({
      host: '127.0.0.1',
      port: 8080,
      dataDir: '/srv/linli/.data/store',
      keyDir: '/srv/linli/.data/keys',
      mongodbUri: null,
      trustProxy: 0,
      demo: false,
    });
    expect(Object.isFrozen(config)).to.equal(true);
  });

  it('refuse to start and name every bad value at once', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      TRUST_PROXY: '-1',
      PUBLIC_ORIGIN: 'https://a.example/x',
    });
    expect(problems.map((line) => line.split(' ')[0])).to.have.members([
      'PORT',
      'LOG_LEVEL',
      'TRUST_PROXY',
      'PUBLIC_ORIGIN',
    ]);
  });

  it('never print the value that was refused', () => {
    try {
      readConfig({ MONGODB_URI: 'http://user:hunter2-secret@db.example' }, '/srv/linli');
      expect.fail('it started');
    } catch (error) {
      expect(String(error)).to.contain('MONGODB_URI').and.not.contain('hunter2');
    }
  });

  for (const [env, name] of [
    [{ HOST: '0.0.0.0' }, 'PUBLIC_ORIGIN'],
    [{ HOST: '0.0.0.0', PUBLIC_ORIGIN: 'http://linli.example' }, 'PUBLIC_ORIGIN'],
    [{ HOST: '0.0.0.0', PUBLIC_ORIGIN: 'https://linli.example' }, 'TLS_CERT'],
    [{ TLS_CERT: 'a.pem' }, 'TLS_CERT'],
    [{ TLS_CERT: 'a.pem', TLS_KEY: 'b.pem', PUBLIC_ORIGIN: 'http://linli.example' }, 'PUBLIC_ORIGIN'],
    [{ DATA_DIR: 'x', KEY_DIR: 'x/keys' }, 'KEY_DIR'],
    [{ DATA_DIR: 'x', KEY_DIR: 'x' }, 'KEY_DIR'],
  ] as [Record<string, string>, string][]) {
    it(`refuse ${JSON.stringify(env)}`, () => {
      expect(problemsOf(env).some((line) => line.startsWith(name))).to.equal(true);
    });
  }

  it('let the demo listen for the neighbourhood without TLS, and a proxy end TLS elsewhere', () => {
    expect(problemsOf({ HOST: '0.0.0.0', DEMO: '1' })).to.deep.equal([]);
    expect(
      problemsOf({ HOST: '0.0.0.0', PUBLIC_ORIGIN: 'https://linli.example', TRUST_PROXY: '1' }),
    ).to.deep.equal([]);
  });
});
