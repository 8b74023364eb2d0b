import { expect } from 'chai';
import {
  groupOf,
  isInGroup,
  needsPersonFirst,
  type DeskRequest,
} from '../../../client/src/screens/staff/request-groups.ts';

const row = (id: string, more: Partial<DeskRequest> = {}): DeskRequest =>
  ({ id, status: 'matching', needsPerson: null, ...more }) as DeskRequest;
const since = (minute: string): NonNullable<DeskRequest['needsPerson']> => ({
  reason: 'no_helper',
  since: `2026-11-23T07:${minute}:00Z`,
  takenOverAt: null,
});

describe('the requests of the desk', () => {
  it('stand with what needs a person first, longest waiting first, then disputes, then the rest as they came', () => {
    const ordered = needsPersonFirst([
      row('a'),
      row('dispute', { status: 'disputed' }),
      row('new', { needsPerson: since('40') }),
      row('b'),
      row('old', { needsPerson: since('05') }),
    ]);
    expect(ordered.map(({ id }) => id)).to.deep.equal(['old', 'new', 'dispute', 'a', 'b']);
  });

  it('belong to the filter that asks for them', () => {
    expect(isInGroup(row('a'), 'open')).to.equal(true);
    expect(isInGroup(row('a', { status: 'in_progress' }), 'running')).to.equal(true);
    expect(isInGroup(row('a', { status: 'unmet' }), 'closed')).to.equal(true);
    expect(isInGroup(row('a'), 'needsPerson')).to.equal(false);
    expect(isInGroup(row('a', { needsPerson: since('00') }), 'needsPerson')).to.equal(true);
  });

  it('are all shown for a filter nobody knows', () => {
    expect(groupOf('everything')).to.equal('all');
    expect(groupOf('running')).to.equal('running');
  });
});
