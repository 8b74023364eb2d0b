import { setTimeout as pause } from 'node:timers/promises';
import type {
  AssignmentView,
  HelpRequestCard,
  HelpRequestView,
  MatchView,
  Page,
} from '../../src/shared/api-types.ts';
import { errand } from './errands.ts';
import type { KillableService } from '../../scripts/bench/killable-service.ts';
import { read, sendUntilAnswered } from './patient-client.ts';
import type { SeededEstate, SeededPerson } from '../../scripts/bench/seed-estate.ts';

/** A command that was answered with success, and who had to be told what because of it. */
export interface Answered {
  readonly operation:
    'create' | 'cancel' | 'confirm' | 'thank' | 'accept' | 'decline' | 'check-in' | 'complete';
  /** The assignment or match where there is one, else the request. */
  readonly id: string;
  readonly requestId: string;
  readonly due: readonly { readonly recipientId: string; readonly kind: string }[];
}

/**
 * Authors who ask, confirm, thank and sometimes cancel; helpers who accept, decline, come and finish. Everybody works
 * on through crashes with the same idempotency key for the same command. The journal holds what was answered.
 */
export function startNeighbourhood(service: KillableService, estate: SeededEstate, random: () => number) {
  const journal: Answered[] = [];
  const waiting: { at: number; wake: () => void }[] = [];
  const state = { isOver: false };

  function note(entry: Answered): void {
    journal.push(entry);
    for (const { at, wake } of waiting) if (journal.length >= at) wake();
  }

  /** Reads until somebody answers; null once the neighbourhood rests. */
  async function readOn<T>(person: SeededPerson, path: string): Promise<T | null> {
    while (!state.isOver) {
      try {
        return await read<T>(service, person, path);
      } catch {
        await pause(50);
      }
    }
    return null;
  }

  const author = createAuthor(service, estate, random, note, readOn);
  const helper = createHelper(service, random, note, readOn);
  async function live(act: () => Promise<void>): Promise<void> {
    while (!state.isOver) {
      await act();
      // People are not machines; without a breath the authors would fill the board alone.
      await pause(20 + random() * 80);
    }
  }
  const lives = [
    ...estate.authors.map(async (person) => await live(async () => await author(person))),
    ...estate.helpers.map(async (person) => await live(async () => await helper(person))),
  ];

  return {
    journal,
    /** Resolves when so many more commands have been answered; rejects when life fails instead. */
    async answers(count: number): Promise<void> {
      const enough = new Promise<void>((wake) => void waiting.push({ at: journal.length + count, wake }));
      await Promise.race([enough, Promise.all(lives)]);
    },
    async stop(): Promise<void> {
      state.isOver = true;
      await Promise.all(lives);
    },
  };
}

type Note = (entry: Answered) => void;
type ReadOn = <T>(person: SeededPerson, path: string) => Promise<T | null>;
const MAX_OPEN = 4;

function createAuthor(
  service: KillableService,
  estate: SeededEstate,
  random: () => number,
  note: Note,
  readOn: ReadOn,
) {
  const post = async (person: SeededPerson, path: string, body?: object) =>
    await sendUntilAnswered(service, person, 'POST', path, body);

  async function ask(person: SeededPerson): Promise<void> {
    const { status, body } = await post(
      person,
      '/help-requests',
      errand({ urgency: random() < 0.2 ? 'high' : 'normal' }),
    );
    if (status !== 201) throw new Error(`asking was answered ${String(status)}: ${JSON.stringify(body)}`);
    const { id } = body as HelpRequestView;
    note({
      operation: 'create',
      id,
      requestId: id,
      due: [
        { recipientId: person.accountId, kind: 'request_received' },
        { recipientId: estate.staff.accountId, kind: 'review_waiting' },
      ],
    });
  }

  return async function act(person: SeededPerson): Promise<void> {
    const mine = await readOn<Page<HelpRequestView>>(person, '/help-requests?view=mine&limit=50');
    if (mine === null) return;
    const finished = mine.items.find(({ status }) => status === 'awaiting_confirmation');
    if (finished !== undefined) {
      await finish(person, finished);
      return;
    }
    const open = mine.items.filter(({ status }) => ['open', 'matching', 'assigned'].includes(status));
    const unwanted = open[0];
    if (unwanted !== undefined && random() < 0.1) {
      const { status } = await post(person, `/help-requests/${unwanted.id}/cancel`, {
        reason: 'no_longer_needed',
      });
      if (status === 200) note({ operation: 'cancel', id: unwanted.id, requestId: unwanted.id, due: [] });
    } else if (open.length < MAX_OPEN) await ask(person);
  };

  async function finish(person: SeededPerson, { id }: HelpRequestView): Promise<void> {
    const confirmed = await post(person, `/help-requests/${id}/confirm`);
    if (confirmed.status !== 200) return;
    note({ operation: 'confirm', id, requestId: id, due: [] });
    const { helpers = [] } = confirmed.body as HelpRequestView;
    const thanked = await post(person, `/help-requests/${id}/thanks`, { text: 'Thank you, neighbour.' });
    if (thanked.status !== 200) return;
    const due = helpers.map(({ helperId }) => ({ recipientId: helperId, kind: 'thanks' }));
    note({ operation: 'thank', id, requestId: id, due });
  }
}

function createHelper(service: KillableService, random: () => number, note: Note, readOn: ReadOn) {
  const post = async (person: SeededPerson, path: string) =>
    await sendUntilAnswered(service, person, 'POST', path);

  /** An answered acceptance, from an offer or from the board. */
  function noteAccepted(person: SeededPerson, { status, body }: { status: number; body: unknown }): void {
    if (status !== 200) return;
    const { id, requestId } = body as AssignmentView;
    note({
      operation: 'accept',
      id,
      requestId,
      due: [{ recipientId: person.accountId, kind: 'you_are_confirmed' }],
    });
  }

  async function work(person: SeededPerson, task: AssignmentView): Promise<void> {
    const { id, requestId } = task;
    const step = task.status === 'confirmed' ? 'check-in' : 'complete';
    const { status } = await post(person, `/assignments/${id}/${step}`);
    if (status === 200) note({ operation: step, id, requestId, due: [] });
  }

  return async function act(person: SeededPerson): Promise<void> {
    const tasks = await readOn<Page<AssignmentView>>(person, '/assignments?active=true');
    const task = tasks?.items.find(({ slot, status }) => slot === 'primary' && status !== 'done');
    if (task !== undefined && random() < 0.7) {
      await work(person, task);
      return;
    }
    const offers = await readOn<Page<MatchView>>(person, '/matches?open=true');
    const offer = offers?.items[0];
    if (offer !== undefined) {
      if (random() < 0.3) {
        const { status } = await post(person, `/matches/${offer.id}/decline`);
        if (status === 200)
          note({ operation: 'decline', id: offer.id, requestId: offer.request.id, due: [] });
      } else noteAccepted(person, await post(person, `/matches/${offer.id}/accept`));
      return;
    }
    const board = await readOn<Page<HelpRequestCard>>(person, '/help-requests?view=board&limit=50');
    const wanted = board?.items.filter(({ canVolunteer }) => canVolunteer) ?? [];
    const choice = wanted[Math.floor(random() * wanted.length)];
    if (choice !== undefined)
      noteAccepted(person, await post(person, `/help-requests/${choice.id}/volunteer`));
  };
}
