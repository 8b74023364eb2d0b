import type { HelpRequestCard } from '../../../../src/shared/api-types.ts';
import { asProblem, type ApiProblem, call } from '../../api-client.ts';
import { onSessionChange } from '../../session.svelte.ts';

/** One page as large as the API gives; the whole board is read, so that list and plan count the same. */
const PAGE = 50;
const PAGES_AT_MOST = 10;

let cards = $state.raw<HelpRequestCard[]>([]);
let held = $state.raw<HelpRequestCard[]>([]);
let isLoaded = $state(false);
let problem = $state.raw<ApiProblem | null>(null);
let reading: Promise<void> | null = null;
let isStale = false;

/** The board as the reader sees it: list and plan are both drawn from `cards`. */
export const board = {
  get cards(): HelpRequestCard[] {
    return cards;
  },
  /** New requests that wait behind the pill until the reader wants them. */
  get held(): HelpRequestCard[] {
    return held;
  },
  get isLoaded(): boolean {
    return isLoaded;
  },
  get problem(): ApiProblem | null {
    return problem;
  },
};

async function readAll(): Promise<HelpRequestCard[]> {
  const all: HelpRequestCard[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_AT_MOST; page += 1) {
    const answer = await call('listHelpRequests', { query: { view: 'board', limit: PAGE, cursor } });
    all.push(...answer.items);
    if (page === 0 && !isLoaded) {
      cards = answer.items;
      isLoaded = true;
    }
    if (answer.nextCursor === null) break;
    cursor = answer.nextCursor;
  }
  return all;
}

/**
 * Reads the board. The first reading shows everything; later ones change cards in place and hold new ones back.
 * Calls during a reading are gathered into one more.
 */
export function readBoard(): Promise<void> {
  if (reading) {
    isStale = true;
    return reading;
  }
  const wasLoaded = isLoaded;
  reading = (async () => {
    try {
      const fresh = await readAll();
      problem = null;
      if (!wasLoaded) cards = fresh;
      else mergeFresh(fresh);
      isLoaded = true;
    } catch (error) {
      problem = asProblem(error);
    } finally {
      reading = null;
    }
    if (isStale) {
      isStale = false;
      await readBoard();
    }
  })();
  return reading;
}

function mergeFresh(fresh: HelpRequestCard[]): void {
  const shown = new Set(cards.map((card) => card.id));
  const byId = new Map(fresh.map((card) => [card.id, card]));
  cards = cards.flatMap((card) => byId.get(card.id) ?? []);
  held = fresh.filter((card) => !shown.has(card.id));
}

/** Puts the held requests into the list, where they belong by age. */
export function insertHeld(): void {
  cards = [...held, ...cards];
  held = [];
}

/** Replaces one card at once: the reader's own doing. */
export function replaceCard(card: HelpRequestCard): void {
  cards = cards.map((one) => (one.id === card.id ? { ...one, ...card } : one));
}

onSessionChange(() => {
  cards = [];
  held = [];
  isLoaded = false;
  problem = null;
});
