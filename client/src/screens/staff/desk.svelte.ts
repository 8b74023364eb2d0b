import type { AccountListItem, ReviewItemView } from '../../../../src/shared/api-types.ts';
import type { NotificationKind } from '../../../../src/shared/vocabulary.ts';
import { asProblem, call, type ApiProblem } from '../../api-client.ts';
import { onNotification } from '../../live.svelte.ts';
import { onSessionChange } from '../../session.svelte.ts';

const QUEUE_KINDS: readonly NotificationKind[] = ['review_waiting', 'critical_request'];
const PEOPLE_KINDS: readonly NotificationKind[] = ['account_waiting'];
const PERSON_KINDS: readonly NotificationKind[] = ['needs_person', 'start_late', 'dispute_opened'];
const QUEUE_MAX = 50;

let queue = $state.raw<ReviewItemView[]>([]);
let people = $state.raw<AccountListItem[]>([]);
let helpers = $state.raw<AccountListItem[]>([]);
let needing = $state<number | null>(null);
let calls = $state<number | null>(null);
let isQueueKnown = $state(false);
let arePeopleKnown = $state(false);
let problem = $state.raw<ApiProblem | null>(null);

/** What waits for the centre: requests to review, most pressing first, and people to approve, oldest first. */
export const desk = {
  get queue(): ReviewItemView[] {
    return queue;
  },
  /** How many requests need a person; null until it is known. */
  get needingPerson(): number | null {
    return needing;
  },
  /** How many calls are still to be made; null until it is known. */
  get callsToMake(): number | null {
    return calls;
  },
  get isQueueKnown(): boolean {
    return isQueueKnown;
  },
  get waitingPeople(): AccountListItem[] {
    return people;
  },
  /** Members who offered to help and whose skills nobody has looked at yet. */
  get waitingHelpers(): AccountListItem[] {
    return helpers;
  },
  get arePeopleKnown(): boolean {
    return arePeopleKnown;
  },
  /** Why the queue could not be read the last time; null when it could. */
  get problem(): ApiProblem | null {
    return problem;
  },
};

/** Reads the review queue again; without an answer the last one stays. */
export async function readQueue(): Promise<void> {
  try {
    const page = await call('listReviewQueue', { query: { limit: QUEUE_MAX } });
    queue = [...page.items].sort((one, other) => one.dueAt.localeCompare(other.dueAt));
    isQueueKnown = true;
    problem = null;
  } catch (caught) {
    problem = asProblem(caught);
  }
}

/** Reads who waits for approval; without an answer the last list stays. */
export async function readWaitingPeople(): Promise<void> {
  try {
    const [waiting, offering] = await Promise.all([
      call('listAccounts', { query: { status: 'waiting', limit: QUEUE_MAX } }),
      call('listAccounts', { query: { status: 'active', asksToVolunteer: 'true', limit: QUEUE_MAX } }),
    ]);
    people = waiting.items;
    helpers = offering.items;
    arePeopleKnown = true;
  } catch (caught) {
    asProblem(caught);
  }
}

/** Counts what needs a person, up to a page of fifty; without an answer the last count stays. */
export async function readNeedingPerson(): Promise<void> {
  try {
    const query = { view: 'staff', needsPerson: 'true', limit: QUEUE_MAX };
    needing = (await call('listHelpRequests', { query })).items.length;
  } catch (caught) {
    asProblem(caught);
  }
}

/** Counts the calls still to be made, up to a page of fifty; without an answer the last count stays. */
export async function readCalls(): Promise<void> {
  try {
    const query = { state: 'open', limit: QUEUE_MAX };
    calls = (await call('listDeliveries', { query })).items.length;
  } catch (caught) {
    asProblem(caught);
  }
}

/** Takes an item out of the queue once it is decided, before the server says so again. */
export function dropFromQueue(requestId: string): void {
  queue = queue.filter((item) => item.request.id !== requestId);
}

onSessionChange(() => {
  queue = [];
  people = [];
  needing = null;
  calls = null;
  helpers = [];
  isQueueKnown = false;
  arePeopleKnown = false;
  problem = null;
});

onNotification(({ kind }) => {
  if (isQueueKnown && QUEUE_KINDS.includes(kind)) void readQueue();
  if (needing !== null && PERSON_KINDS.includes(kind)) void readNeedingPerson();
  if (arePeopleKnown && PEOPLE_KINDS.includes(kind)) void readWaitingPeople();
});
