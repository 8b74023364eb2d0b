import { expect } from 'chai';
import { nextAct, type Seen, type SimulatedAct } from '../../src/demo/life-rules.ts';
import type { HelpRequestView } from '../../src/shared/api-types.ts';

const NOW = new Date('2026-11-27T06:00:00Z');
const ago = (seconds: number): string => new Date(NOW.getTime() - seconds * 1000).toISOString();

function act(request: Partial<HelpRequestView>, seen: Partial<Seen> = {}): SimulatedAct['kind'] | null {
  const whole = { id: 'errand', status: 'matching', isReviewed: true, helpersNeeded: 1, helpersFound: 0 };
  return (
    nextAct({
      request: { ...whole, ...request } as HelpRequestView,
      seconds: 0,
      speed: 1,
      luck: 0.5,
      isStaffPlayed: false,
      isAuthorPlayed: false,
      now: NOW,
      ...seen,
    })?.kind ?? null
  );
}

describe('simulated neighbours and colleagues', () => {
  const need = { reason: 'no_helper', since: ago(30), takenOverAt: null } as const;
  const inHand = { ...need, takenOverAt: ago(20) };

  it('look whether somebody answers while a request is searched for', () => {
    expect(act({ status: 'open' })).to.equal('look_at_offers');
  });

  it('take over what nobody took, ask again after a while, and give up late', () => {
    expect(act({ needsPerson: need }, { seconds: 5 })).to.equal('look_at_offers');
    expect(act({ needsPerson: need }, { seconds: 60 })).to.equal('take_over');
    expect(act({ needsPerson: inHand }, { seconds: 5 })).to.equal('look_at_offers');
    expect(act({ needsPerson: inHand }, { seconds: 150 })).to.equal('ask_again');
    const old = { ...inHand, since: ago(3_000) };
    expect(act({ needsPerson: old })).to.equal('give_up');
    expect(act({ needsPerson: { ...old, since: ago(300) } }, { speed: 10 })).to.equal('give_up');
  });

  it('leave to a visitor what the visitor plays', () => {
    expect(act({ needsPerson: need }, { seconds: 999, isStaffPlayed: true })).to.equal('look_at_offers');
    expect(act({ status: 'pending_review' }, { seconds: 30 })).to.equal('approve');
    expect(act({ status: 'pending_review' }, { seconds: 30, isStaffPlayed: true })).to.equal(null);
    expect(act({ status: 'awaiting_confirmation' }, { seconds: 60 })).to.equal('confirm');
    expect(act({ status: 'awaiting_confirmation' }, { seconds: 60, isAuthorPlayed: true })).to.equal(null);
  });

  it('arrive only when it is nearly time, and finish after that', () => {
    const helper = { assignmentId: 'task', helperId: 'alim', status: 'confirmed', startsAt: ago(-3_600) };
    const helpers = (more: object): Partial<HelpRequestView> =>
      ({ status: 'assigned', helpersFound: 1, helpers: [{ ...helper, ...more }] }) as never;
    expect(act(helpers({}), { seconds: 300 })).to.equal(null);
    expect(act(helpers({ startsAt: ago(-600) }), { seconds: 300 })).to.equal('check_in');
    expect(act(helpers({ status: 'checked_in' }), { seconds: 300 })).to.equal('complete');
  });
});
