import { expect } from 'chai';
import { countByPlace, filterCards } from '../../../client/src/screens/board/board-filter.ts';
import type { HelpRequestCard } from '../../../src/shared/api-types.ts';

function card(id: string, change: Partial<HelpRequestCard> = {}): HelpRequestCard {
  return {
    id,
    shortNumber: 1,
    kindId: 'shopping',
    title: id,
    language: 'zh-CN',
    urgency: 'normal',
    status: 'open',
    when: { asap: false, windows: [{ from: '2026-11-24T08:00:00Z', to: '2026-11-24T10:00:00Z' }] },
    place: { id: 'building:6', kind: 'building', name: { 'zh-CN': '6号楼' }, point: [79.9, 37.1] },
    aboutMetres: 200,
    helpersNeeded: 1,
    helpersFound: 0,
    isReviewed: true,
    createdAt: '2026-11-23T08:00:00Z',
    openedAt: null,
    canVolunteer: true,
    ...change,
  };
}
const everything = { show: 'all', kindId: null, placeId: null } as const;
const isToday = (instant: string): boolean => instant.startsWith('2026-11-23');
const ids = (cards: HelpRequestCard[]): string[] => cards.map(({ id }) => id);

describe('narrowing the board', () => {
  const cards = [
    card('tomorrow'),
    card('today', {
      when: { asap: false, windows: [{ from: '2026-11-23T08:00:00Z', to: '2026-11-23T10:00:00Z' }] },
    }),
    card('now', { when: { asap: true, windows: [] }, aboutMetres: 90 }),
    card('far', { aboutMetres: 900 }),
    card('no-place', { aboutMetres: null }),
  ];

  it('shows everything in its order when nothing is chosen', () => {
    expect(ids(filterCards(cards, everything, isToday))).to.deep.equal(ids(cards));
  });

  it('takes as soon as possible for today', () => {
    expect(ids(filterCards(cards, { ...everything, show: 'today' }, isToday))).to.deep.equal([
      'today',
      'now',
    ]);
  });

  it('puts the nearest first and leaves out what is far or unknown', () => {
    expect(ids(filterCards(cards, { ...everything, show: 'near' }, isToday))).to.deep.equal([
      'now',
      'tomorrow',
      'today',
    ]);
  });

  it('counts on the plan exactly the requests that the list calls waiting', () => {
    const elsewhere = {
      id: 'zone:1',
      kind: 'zone',
      name: {},
      point: [79.9, 37.1],
    } as HelpRequestCard['place'];
    const all = [
      ...cards,
      card('taken', { status: 'assigned' }),
      card('urgent', { status: 'matching', urgency: 'high', place: elsewhere }),
    ];
    const counts = countByPlace(all);
    expect(counts.map(({ place, waiting, urgent }) => [place.id, waiting, urgent])).to.deep.equal([
      ['building:6', 5, false],
      ['zone:1', 1, true],
    ]);
    const waiting = all.filter(({ status }) => status === 'open' || status === 'matching');
    expect(counts.reduce((sum, count) => sum + count.waiting, 0)).to.equal(waiting.length);
    for (const { place, waiting: n } of counts) {
      expect(filterCards(waiting, { ...everything, placeId: place.id }, isToday)).to.have.length(n);
    }
  });
});
