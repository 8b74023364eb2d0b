import { expect } from 'chai';
import { AppError } from '../src/errors.ts';
import { createLogger } from '../src/logger.ts';

describe('the log', () => {
  function written(work: (log: ReturnType<typeof createLogger>) => void): string {
    const lines: string[] = [];
    const log = createLogger('info', { write: (line: string) => void lines.push(line) });
    work(log);
    return lines.join('');
  }

  it('is one JSON line an entry, with its level as a word and the time in UTC', () => {
    const entry = JSON.parse(written((log) => log.info({ matchId: 'm1' }, 'match accepted'))) as Record<
      string,
      unknown
    >;
    expect(entry).to.include({ level: 'info', msg: 'match accepted', matchId: 'm1' });
    expect(entry['time']).to.match(/Z$/);
  });

  it('holds no private field, wherever it hides', () => {
    const canary = 'canary-301';
    const text = written((log) =>
      log.info({ door: canary, account: { phone: canary }, a: { b: { passphrase: canary } } }, 'x'),
    );
    expect(text).to.not.contain(canary);
  });

  it('keeps what went wrong and loses the value it was about', () => {
    const duplicate = Object.assign(new Error('E11000 dup key: { phoneKey: "canary" }'), { code: 11000 });
    const text = written((log) =>
      log.error({ err: new AppError('internal', 'it failed', { cause: duplicate }) }, 'request failed'),
    );
    expect(text)
      .to.contain('it failed')
      .and.contain('duplicate key')
      .and.contain('logger.test')
      .and.not.contain('canary');
  });

  it('cannot be split into two entries by a line break in a value', () => {
    const text = written((log) => log.info({ source: 'a\n{"level":"info","msg":"made up"}' }, 'x'));
    expect(text.trim().split('\n')).to.have.length(1);
  });
});
