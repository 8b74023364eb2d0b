import { expect } from 'chai';
import { ACCESS_TABLE } from '../../src/http/access-table.ts';
import { AppError } from '../../src/errors.ts';
import { planMove } from '../../src/help-requests/plan-move.ts';
import type { Command, CommandName } from '../../src/help-requests/request-commands.ts';
import { STATES } from '../../src/help-requests/request-states.ts';
import { TRANSITIONS } from '../../src/help-requests/request-transitions.ts';
import { TIMER_KINDS, type HelpRequestRecord } from '../../src/help-requests/request-types.ts';
import { CONSEQUENCES, NEXT_ACTORS, REQUEST_STATUSES } from '../../src/shared/vocabulary.ts';
import {
  accepts,
  at,
  CONTENT,
  contextAt,
  HOUR,
  matchFor,
  NOON,
  oneInEachState,
  waveTo,
} from './sample-request.ts';

const LATER = at(3 * HOUR);

/** One example of every command, made to fit the request where it can. */
function exampleOf(name: CommandName, request: HelpRequestRecord): Command {
  const slot = request.slots[0];
  const assignmentId = slot?.assignmentId ?? 'assignment-none';
  const open = request.offers.find(({ state }) => state === 'open');
  const examples: { [N in CommandName]: Extract<Command, { name: N }> } = {
    edit: { name: 'edit', content: CONTENT, visit: {} },
    submit: { name: 'submit', liveAtOnce: false },
    resubmit: { name: 'resubmit' },
    approve: { name: 'approve', note: null },
    return: { name: 'return', reason: 'needs_more_detail', note: null },
    reject: { name: 'reject', reason: 'unsafe', note: null },
    send_wave: waveTo(['third']) as Extract<Command, { name: 'send_wave' }>,
    stop_waves: { name: 'stop_waves', lapse: true, retryAt: null },
    wait_for_day: { name: 'wait_for_day', lapse: true, until: at(8 * HOUR) },
    accept: { ...(accepts(open?.helperId ?? 'nobody') as Extract<Command, { name: 'accept' }>) },
    volunteer: {
      name: 'volunteer',
      match: matchFor('fourth'),
      assignmentId: 'assignment-fourth',
      startsAt: null,
    },
    decline: { name: 'decline', helperId: open?.helperId ?? 'nobody', matchId: open?.matchId ?? 'none' },
    withdraw: { name: 'withdraw', helperId: 'helper', assignmentId },
    check_in: { name: 'check_in', helperId: 'helper', assignmentId },
    complete: { name: 'complete', helperId: 'helper', assignmentId },
    no_show: { name: 'no_show', assignmentId },
    confirm: { name: 'confirm' },
    dispute: { name: 'dispute', note: 'x' },
    settle: { name: 'settle', outcome: 'completed', note: null },
    thank: { name: 'thank', text: 'x' },
    cancel: { name: 'cancel', reason: 'no_longer_needed', note: null },
    give_up: { name: 'give_up', note: null },
    take_over: { name: 'take_over' },
    reopen: { name: 'reopen' },
    merge: { name: 'merge' },
    note_reveal: { name: 'note_reveal', readerRole: 'staff' },
    time_passed: {
      name: 'time_passed',
      timer: request.timers[0] ?? { kind: 'wave_due', group: 'wave', dueAt: NOON, assignmentId: null },
    },
  };
  return examples[name];
}

describe('the table of transitions', () => {
  const requests = oneInEachState();
  const names = Object.keys(TRANSITIONS) as CommandName[];

  it('reaches every state by commands only', () => {
    expect(Object.keys(requests)).to.have.members([...REQUEST_STATUSES]);
    for (const status of REQUEST_STATUSES) expect(requests[status].status).to.equal(status);
  });

  for (const status of REQUEST_STATUSES) {
    it(`says of "${status}" who acts next, by when, and what if not`, () => {
      const rule = STATES[status];
      expect(rule.who).to.be.oneOf([...NEXT_ACTORS]);
      expect(rule.ifLate).to.be.oneOf([...CONSEQUENCES]);
      const { nextAction } = requests[status];
      expect(nextAction.who).to.equal(rule.who);
      if (status === 'duplicate') return;
      expect(nextAction.dueAt, 'by when').to.be.instanceOf(Date);
      expect(nextAction.ifLate, 'what if not').to.not.equal('none');
    });
  }

  it('never leaves somebody waited for without a timer that does what is announced', () => {
    const silent = ['rejected', 'completed', 'cancelled', 'expired', 'duplicate'];
    for (const status of REQUEST_STATUSES) {
      const { timers, nextDueAt } = requests[status];
      if (silent.includes(status)) expect(timers, status).to.have.length(0);
      else expect(timers.length, status).to.be.above(0);
      const first = timers.reduce<number | null>(
        (least, { dueAt }) => Math.min(least ?? Infinity, dueAt.getTime()),
        null,
      );
      expect(nextDueAt?.getTime() ?? null, status).to.equal(first);
    }
  });

  for (const name of names) {
    it(`knows where "${name}" exists, and answers 409 everywhere else`, () => {
      for (const status of REQUEST_STATUSES) {
        const plan = (): unknown =>
          planMove(requests[status], exampleOf(name, requests[status]), contextAt(LATER, 'staff', 'staff'));
        if (TRANSITIONS[name].from.includes(status)) {
          try {
            plan();
          } catch (error) {
            expect(error, `${name} in ${status}`).to.be.instanceOf(AppError);
          }
          continue;
        }
        const code = name === 'volunteer' && status === 'assigned' ? 'already-taken' : 'state-changed';
        expect(plan, `${name} in ${status}`).to.throw(AppError).with.property('code', code);
      }
    });

    it(`leads with "${name}" only where the table says, and causes only what it says`, () => {
      const row = TRANSITIONS[name];
      let moved = 0;
      for (const status of row.from) {
        for (const timer of name === 'time_passed' ? requests[status].timers : [null]) {
          const request = requests[status];
          const example = exampleOf(name, request);
          const command = timer === null ? example : ({ name: 'time_passed', timer } as const);
          let change;
          try {
            change = planMove(request, command, contextAt(LATER, 'system', null));
          } catch (error) {
            expect((error as AppError).code, `${name} in ${status}`).to.be.oneOf([
              'state-changed',
              'not-offered',
              'already-taken',
            ]);
            continue;
          }
          moved += 1;
          const to = change.set.status === status ? 'same' : change.set.status;
          const allowed = row.to.includes(to!) || (to === 'same' && row.to.includes(status));
          expect(allowed, `${name}: ${status} → ${to}`).to.equal(true);
          expect(row.timeline).to.include.members(change.timeline.map(({ type }) => type));
          expect(row.notices).to.include.members((change.event?.notices ?? []).map(({ kind }) => kind));
          const known = new Set((change.set.timers ?? []).map(({ kind }) => kind));
          expect([...TIMER_KINDS]).to.include.members([...known]);
        }
      }
      expect(moved, 'nobody could ever do this').to.be.above(0);
    });

    it(`names for "${name}" the relations and states of its operation`, () => {
      const { operation, who, from } = TRANSITIONS[name];
      if (operation === null) return;
      const row: { relations: readonly string[]; states?: readonly string[] } = ACCESS_TABLE[operation];
      expect(who.filter((one) => one !== 'system')).to.include.members([...row.relations]);
      const isTask =
        operation.endsWith('Assignment') || operation.endsWith('Match') || operation === 'reportNoShow';
      if (row.states !== undefined && !isTask) expect(from).to.have.members([...row.states]);
    });
  }

  it('writes no name, place or text into a notice or a timeline entry', () => {
    for (const request of Object.values(requests)) {
      for (const { notices } of request.outbox) {
        for (const { params } of notices) {
          for (const value of Object.values(params)) expect(String(value)).to.match(/^[\w-]+$/);
        }
      }
      for (const { params } of request.timeline) {
        for (const value of Object.values(params)) expect(String(value)).to.match(/^[\w-]+$/);
      }
    }
  });
});
