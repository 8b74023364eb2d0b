import { expect } from 'chai';
import {
  dayKey,
  languageOfText,
  minutesOf,
  requestInputOf,
  whenOf,
} from '../../../client/src/outbox/draft-request.ts';
import { newDraft } from '../../../client/src/outbox/draft-types.ts';

const ZONE = 'Asia/Shanghai';
/** Monday, 23 November 2026, 15:08 in Beijing. */
const NOW = Date.parse('2026-11-23T07:08:00Z');
const draft = (change: object) => ({ ...newDraft('key', 'me', 'b6', NOW), ...change });

describe('when a draft asks for help', () => {
  it('has no window when it is as soon as possible', () => {
    expect(whenOf(draft({ asap: true, days: ['2026-11-24'] }), NOW, ZONE)).to.deep.equal({
      asap: true,
      windows: [],
    });
  });

  it('makes one window for each chosen day, in order', () => {
    const when = whenOf(draft({ days: ['2026-11-25', '2026-11-24'], part: 'morning' }), NOW, ZONE);
    expect(when.windows).to.deep.equal([
      { from: '2026-11-24T00:00:00.000Z', to: '2026-11-24T04:00:00.000Z' },
      { from: '2026-11-25T00:00:00.000Z', to: '2026-11-25T04:00:00.000Z' },
    ]);
  });

  it('begins a window that already runs at the next quarter of an hour', () => {
    const when = whenOf(draft({ days: ['2026-11-23'], part: 'afternoon' }), NOW, ZONE);
    expect(when.windows).to.deep.equal([
      { from: '2026-11-23T07:15:00.000Z', to: '2026-11-23T10:00:00.000Z' },
    ]);
  });

  it('leaves out what is over: this morning in the afternoon', () => {
    expect(whenOf(draft({ days: ['2026-11-23'], part: 'morning' }), NOW, ZONE).windows).to.deep.equal([]);
  });

  it('takes exact hours only when they are in order', () => {
    const exact = { days: ['2026-11-24'], part: 'exact' };
    expect(whenOf(draft({ ...exact, from: '16:00', to: '18:00' }), NOW, ZONE).windows).to.have.length(1);
    expect(whenOf(draft({ ...exact, from: '18:00', to: '16:00' }), NOW, ZONE).windows).to.deep.equal([]);
    expect(whenOf(draft({ ...exact, from: '', to: '16:00' }), NOW, ZONE).windows).to.deep.equal([]);
  });

  it('names days by the community’s calendar', () => {
    expect(dayKey(Date.parse('2026-11-30T16:30:00Z'), 0, ZONE)).to.equal('2026-12-01');
    expect(dayKey(NOW, 8, ZONE)).to.equal('2026-12-01');
    expect(minutesOf('08:30')).to.equal(510);
    expect(minutesOf('24:00')).to.equal(null);
  });
});

describe('what is sent for a draft', () => {
  it('names the resident for whom staff ask, whose saved home is used, and nobody for oneself', () => {
    const forHu = { ...newDraft('key', 'me', '', NOW, 'grandmother-hu'), asap: true, kindId: 'shopping' };
    const sent = requestInputOf(forHu, undefined, 'en', NOW, ZONE);
    expect(sent).to.include({ beneficiaryId: 'grandmother-hu' });
    expect(sent).to.not.have.any.keys('buildingId', 'visit');
    expect(requestInputOf(draft({}), undefined, 'en', NOW, ZONE)).to.not.have.property('beneficiaryId');
  });

  it('is the same at every later try, because it is made for the moment of the first', () => {
    const frozen = draft({ days: ['2026-11-23', '2026-11-24'], title: ' 买药 ', kindId: 'shopping' });
    const first = requestInputOf(frozen, undefined, 'zh-CN', NOW, ZONE);
    const again = requestInputOf({ ...frozen, changedAt: NOW + 1 }, undefined, 'zh-CN', NOW, ZONE);
    expect(JSON.stringify(again)).to.equal(JSON.stringify(first));
    expect(first).to.include({ title: '买药', submit: true, buildingId: 'b6' });
  });

  it('holds door and phone only when they were typed for this visit', () => {
    const plain = requestInputOf(draft({}), undefined, 'zh-CN', NOW, ZONE);
    expect(plain).to.not.have.property('visit');
    const typed = requestInputOf(draft({}), { door: ' 2-301 ', phone: '138' }, 'zh-CN', NOW, ZONE);
    expect(typed.visit).to.deep.equal({ door: '2-301', phone: '138' });
    expect(JSON.stringify(draft({ hasOwnVisit: true }))).to.not.match(/door|phone/);
  });

  it('says the language of the words, not of the page', () => {
    expect(languageOfText('دورا سېتىۋېلىش', 'zh-CN')).to.equal('ug');
    expect(languageOfText('买药', 'ug')).to.equal('zh-CN');
    expect(languageOfText('buy medicine', 'zh-CN')).to.equal('en');
    expect(languageOfText('120', 'ug')).to.equal('ug');
  });
});
