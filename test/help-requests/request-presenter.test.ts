import { expect } from 'chai';
import fc from 'fast-check';
import { AppError } from '../../src/errors.ts';
import {
  aboutMetres,
  presentCard,
  presentRequest,
  type Lens,
} from '../../src/help-requests/request-presenter.ts';
import { CARD_FIELDS, REQUEST_FIELDS } from '../../src/help-requests/request-fields.ts';
import {
  relationsOf,
  requireRelation,
  canRevealTo,
  type Reader,
  type RequestRelation,
} from '../../src/help-requests/request-policy.ts';
import type { HelpRequestRecord } from '../../src/help-requests/request-types.ts';
import { ACCESS_TABLE, type OperationId } from '../../src/http/access-table.ts';
import type { HelpRequestView } from '../../src/shared/api-types.ts';
import { REQUEST_STATUSES, type RequestStatus } from '../../src/shared/vocabulary.ts';
import { accepts, at, DAY, does, draftOf, HOUR, NOON, oneInEachState, waveTo } from './sample-request.ts';

const resident = (accountId: string, more: Partial<Reader> = {}): Reader => ({
  accountId,
  roles: ['resident'],
  status: 'active',
  householdId: `household-${accountId}`,
  ...more,
});
const staff = (accountId: string, more: Partial<Reader> = {}): Reader =>
  resident(accountId, { roles: ['resident', 'staff'], ...more });

/** A request that somebody accepted, somebody else was asked for, with every private thing filled in. */
function rich(): HelpRequestRecord {
  const open = does(draftOf({ needed: 2 }), { name: 'submit', liveAtOnce: true }, NOON, 'author', 'author');
  const matching = does(open, waveTo(['helper', 'second', 'third']));
  const taken = does(matching, accepts('helper'), NOON, 'helper', 'helper');
  return {
    ...taken,
    closingReason: 'fulfilled',
    thanks: { text: 'canary-thanks', at: NOON },
    needsPerson: { reason: 'late', since: NOON },
    review: { ...taken.review, reason: 'unclear_when', note: 'canary-note' },
  };
}

function lensFor(request: HelpRequestRecord, reader: Reader): Lens {
  return {
    readerId: reader.accountId,
    relations: relationsOf(request, reader),
    now: NOON,
    aboutMetres: 150,
    canVolunteer: false,
    authorName: 'canary-author-name',
    helpers: new Map([
      ['helper', { displayName: 'canary-helper-name', verifiedSkillIds: ['cook'], languages: ['ug'] }],
    ]),
    visit: {
      door: 'canary-door',
      phone: 'canary-phone',
      contactName: 'canary-contact',
      notes: 'canary-notes',
    },
  };
}

describe('who sees which field of a request', () => {
  const request = rich();
  const readers: Record<RequestRelation, Reader> = {
    author: resident('author'),
    beneficiary: resident('author'),
    proxy: resident('author'),
    asked_helper: resident('second', { roles: ['resident', 'volunteer'] }),
    accepted_helper: resident('helper', { roles: ['resident', 'volunteer'] }),
    member: resident('neighbour'),
    staff: staff('desk'),
  };

  /** The same request seen by somebody who stands to it as named. */
  function viewAs(relation: RequestRelation): {
    view: HelpRequestView;
    relations: readonly RequestRelation[];
  } {
    const seen =
      relation === 'beneficiary'
        ? { ...request, authorId: 'daughter' }
        : relation === 'proxy'
          ? { ...request, beneficiaryId: 'mother' }
          : request;
    const lens = lensFor(seen, readers[relation]);
    expect(lens.relations).to.include(relation);
    return { view: presentRequest(seen, lens), relations: lens.relations };
  }

  for (const field of Object.keys(REQUEST_FIELDS) as (keyof HelpRequestView)[]) {
    it(`gives "${field}" to whom the field table names, and to nobody else`, () => {
      const rule = REQUEST_FIELDS[field];
      for (const relation of Object.keys(readers) as RequestRelation[]) {
        const { view, relations } = viewAs(relation);
        const isAllowed = rule.who.some((one) => relations.includes(one));
        if (!isAllowed && !('others' in rule))
          expect(view, `${field} for ${relation}`).to.not.have.property(field);
        else if (!isAllowed) expect(view[field], `${field} for ${relation}`).to.deep.equal(rule.others);
        else expect(view, `${field} for ${relation}`).to.have.property(field);
      }
    });
  }

  it('shows a neighbour none of the private marks', () => {
    const { view } = viewAs('member');
    expect(JSON.stringify(view)).to.not.contain('canary');
    expect(JSON.stringify(presentCard(request, lensFor(request, readers.member)))).to.not.contain('canary');
  });

  it('shows an asked helper neither name nor door, and an accepted one no door before the reveal', () => {
    expect(JSON.stringify(viewAs('asked_helper').view)).to.not.contain('canary');
    const { view } = viewAs('accepted_helper');
    expect(view.authorName).to.equal('canary-author-name');
    expect(JSON.stringify(view)).to.not.match(/canary-(door|phone|contact|notes)/);
  });

  it('shows staff no door either: they reveal with a purpose', () => {
    expect(JSON.stringify(viewAs('staff').view)).to.not.match(/canary-(door|phone|contact|notes)/);
  });

  it('says the same code word to author and accepted helper, and to nobody else', () => {
    expect(viewAs('accepted_helper').view.codeWord)
      .to.be.a('string')
      .and.equal(viewAs('author').view.codeWord);
    for (const relation of ['asked_helper', 'member', 'staff'] as const) {
      expect(viewAs(relation).view).to.not.have.property('codeWord');
    }
  });

  it('knows no field that the card and the view do not', () => {
    expect(Object.keys(REQUEST_FIELDS)).to.include.members([...CARD_FIELDS]);
  });
});

describe('who stands how to a request', () => {
  const requests = oneInEachState();
  const onBoard: RequestStatus[] = [
    'open',
    'matching',
    'assigned',
    'in_progress',
    'awaiting_confirmation',
    'completed',
  ];

  for (const status of REQUEST_STATUSES) {
    it(`${onBoard.includes(status) ? 'shows' : 'hides'} "${status}" ${onBoard.includes(status) ? 'to' : 'from'} the neighbours`, () => {
      expect(relationsOf(requests[status], resident('neighbour')).length > 0).to.equal(
        onBoard.includes(status),
      );
    });
  }

  it('keeps what moderation hid from the neighbours, not from its people', () => {
    const hidden = { ...requests.matching, visibility: 'hidden' as const };
    expect(relationsOf(hidden, resident('neighbour'))).to.deep.equal([]);
    expect(relationsOf(hidden, resident('author'))).to.include('author');
    expect(relationsOf(hidden, staff('desk'))).to.include('staff');
  });

  it('keeps drafts from staff', () => expect(relationsOf(requests.draft, staff('desk'))).to.deep.equal([]));

  it('leaves suspended people their own affairs and nothing else', () => {
    expect(relationsOf(requests.matching, resident('neighbour', { status: 'suspended' }))).to.deep.equal([]);
    expect(relationsOf(requests.matching, resident('helper', { status: 'suspended' }))).to.deep.equal([]);
    expect(relationsOf(requests.matching, resident('author', { status: 'suspended' }))).to.deep.equal([
      'author',
    ]);
  });

  it('never lets staff decide about a request they wrote, answer, helped with or live with', () => {
    const parties = [
      staff('author'),
      staff('helper'),
      staff('cousin', { householdId: 'household-author' }),
      staff('left', {}),
    ];
    const request = {
      ...requests.assigned,
      formerHelpers: [{ helperId: 'left', assignmentId: 'a', how: 'withdrawn' as const, at: NOON }],
    };
    const deciding = (Object.keys(ACCESS_TABLE) as OperationId[]).filter((operation) => {
      const relations: readonly string[] = ACCESS_TABLE[operation].relations;
      return relations.length === 1 && relations[0] === 'staff';
    });
    for (const party of parties) {
      expect(relationsOf(request, party), party.accountId).to.not.include('staff');
      for (const operation of deciding) {
        expect(() => requireRelation(operation, request, party), `${operation} by ${party.accountId}`)
          .to.throw(AppError)
          .with.property('code', 'party-may-not-decide');
      }
    }
    expect(requireRelation('approveHelpRequest', request, staff('desk'))).to.include('staff');
  });

  it('answers 404 to an outsider, 403 to somebody who sees it but has no part in it', () => {
    const code = (operation: OperationId, request: HelpRequestRecord, reader: Reader): string => {
      try {
        requireRelation(operation, request, reader);
        return 'passes';
      } catch (error) {
        return (error as AppError).code;
      }
    };
    expect(code('cancelHelpRequest', requests.pending_review, resident('neighbour'))).to.equal('not-found');
    expect(code('cancelHelpRequest', requests.matching, resident('neighbour'))).to.equal('not-allowed');
    expect(code('cancelHelpRequest', requests.matching, resident('author'))).to.equal('passes');
    expect(code('volunteerForHelpRequest', requests.matching, resident('neighbour'))).to.equal('not-allowed');
    const volunteer = resident('neighbour', { roles: ['resident', 'volunteer'] });
    expect(code('volunteerForHelpRequest', requests.matching, volunteer)).to.equal('passes');
    expect(code('volunteerForHelpRequest', requests.pending_review, volunteer)).to.equal('not-found');
  });

  it('opens the door to the accepted helper until a day after done, never to a stand-by', () => {
    const slot = requests.awaiting_confirmation.slots[0]!;
    const done = slot.doneAt!;
    expect(canRevealTo(requests.assigned, requests.assigned.slots[0], NOON)).to.equal(true);
    expect(canRevealTo(requests.awaiting_confirmation, slot, new Date(done.getTime() + DAY - 1))).to.equal(
      true,
    );
    expect(canRevealTo(requests.awaiting_confirmation, slot, new Date(done.getTime() + DAY))).to.equal(false);
    expect(canRevealTo(requests.assigned, { ...requests.assigned.slots[0]!, kind: 'backup' }, NOON)).to.equal(
      false,
    );
    expect(canRevealTo(requests.cancelled, requests.assigned.slots[0], NOON)).to.equal(false);
    expect(canRevealTo(requests.assigned, undefined, at(HOUR))).to.equal(false);
  });
});

describe('about how far', () => {
  it('is a band of whole steps, never 0, and never below the distance', () => {
    const point = fc.tuple(
      fc.double({ min: 79.9, max: 79.95, noNaN: true }),
      fc.double({ min: 37.1, max: 37.15, noNaN: true }),
    );
    fc.assert(
      fc.property(point, point, (one, other) => {
        const metres = aboutMetres(one, other);
        expect(metres % 50).to.equal(0);
        expect(metres).to.be.at.least(50);
        expect(metres).to.equal(aboutMetres(other, one));
      }),
    );
    expect(aboutMetres([79.92, 37.11], [79.92, 37.11])).to.equal(50);
    // One thousandth of a degree of latitude is 111.2 m.
    expect(aboutMetres([79.92, 37.11], [79.92, 37.111])).to.equal(150);
  });
});
