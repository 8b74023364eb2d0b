import { createHash } from 'node:crypto';
import type { Clock } from '../actor.ts';
import type { CandidatesView, HelpRequestInput, HelpRequestView, Page } from '../shared/api-types.ts';
import { nextAct, nextAnswer, type SimulatedAct } from './life-rules.ts';
import { NeighbourProblem, type Neighbour } from './neighbour-client.ts';
import { SAMPLE_REQUESTS, type SampleRequest } from './request-texts.ts';
import { createVisitorOffers } from './visitor-offers.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface LifeLoopDeps {
  readonly clock: Clock;
  readonly random: SeededRandom;
  /** A simulated person by account id. */
  readonly neighbour: (accountId: string) => Neighbour;
  /** Simulated colleagues at the desk, not the one a visitor can be. */
  readonly staffIds: readonly string[];
  /** Residents who ask for help by themselves, with the language they write in. */
  readonly askers: readonly Asker[];
  /** Whose words a request is; null when it is gone. */
  readonly authorOf: (requestId: string) => Promise<string | null>;
  readonly isPlayed: (accountId: string) => boolean;
  readonly staffPersonaId: string;
  readonly volunteerPersonaId: string;
  /** What that volunteer is good at. */
  readonly volunteerKindIds: readonly string[];
  readonly willingness: (helperId: string) => { readonly accepts: number; readonly declines: number };
  readonly logger: { debug(details: Record<string, unknown>, message: string): void };
}

/** A resident who asks by themselves; a near one lives by the volunteer whom a visitor can be. */
export interface Asker {
  readonly accountId: string;
  readonly language: string;
  readonly isNear: boolean;
}

export interface LifeLoop {
  /** One look around: at most three things happen. Never throws: a refusal is how life answers. */
  step(): Promise<void>;
  pace: { speed: number; paused: boolean };
}

const ACTS_PER_STEP = 3;
/** Nobody asks for more while so much is on its way, or altogether in sight. */
const MOVING_MOST = 24;
const LIVE_MOST = 44;
/** Things without hurry wait for the day; more than these would only stand there at night. */
const UNHURRIED_MOST = 4;
const POST_EVERY_SECONDS = 35;
const LIVE = new Set([
  'pending_review',
  'returned',
  'open',
  'matching',
  'assigned',
  'in_progress',
  'awaiting_confirmation',
  'completed',
]);

export function createLifeLoop(deps: LifeLoopDeps): LifeLoop {
  const pace = { speed: 1, paused: false };
  const firstSeen = new Map<string, number>();
  let lastPost = deps.clock.now().getTime();
  let turn = 0;

  const luckOf = (text: string): number =>
    createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
  const desk = (): Neighbour => {
    turn += 1;
    return deps.neighbour(deps.staffIds[turn % deps.staffIds.length] ?? deps.staffPersonaId);
  };

  const seeToVisitor = createVisitorOffers({ ...deps, desk });

  async function requestsNow(): Promise<HelpRequestView[]> {
    const seen = await desk().get<Page<HelpRequestView>>('/help-requests?view=staff&limit=50');
    return seen.items.filter(({ status }) => LIVE.has(status));
  }

  function secondsIn(key: string): number {
    const now = deps.clock.now().getTime();
    const since = firstSeen.get(key) ?? now;
    firstSeen.set(key, since);
    return ((now - since) / 1000) * pace.speed;
  }

  async function actOn(card: HelpRequestView): Promise<boolean> {
    const author = await deps.authorOf(card.id);
    if (author === null) return false;
    const request = await desk().get<HelpRequestView>(`/help-requests/${card.id}`);
    const look = lookOf(request);
    const act = nextAct({
      request,
      seconds: secondsIn(look),
      speed: pace.speed,
      luck: luckOf(`${request.id} ${request.status}`),
      isStaffPlayed: deps.isPlayed(deps.staffPersonaId),
      isAuthorPlayed: deps.isPlayed(author),
      now: deps.clock.now(),
    });
    if (act === null) return false;
    const isDone = await tried(deps, async () => await perform(request, act, author));
    // Refused: patience starts anew, so that nobody knocks at the same door every second.
    if (!isDone && act.kind !== 'look_at_offers') firstSeen.delete(look);
    return isDone;
  }

  async function perform(request: HelpRequestView, act: SimulatedAct, author: string): Promise<boolean> {
    const path = `/help-requests/${request.id}`;
    switch (act.kind) {
      case 'approve':
        await desk().post(`${path}/approve`);
        return true;
      case 'return':
        await desk().post(`${path}/return`, { reason: 'needs_more_detail', note: null });
        return true;
      case 'take_over':
        await desk().post(`${path}/take-over`);
        return true;
      case 'ask_again':
        await desk().post(`${path}/waves`);
        return true;
      case 'give_up':
        await desk().post(`${path}/give-up`, { note: null });
        return true;
      case 'resubmit':
      case 'confirm':
        await deps.neighbour(author).post(`${path}/${act.kind}`);
        return true;
      case 'thank':
        await deps.neighbour(author).post(`${path}/thanks`, {
          text: request.language === 'ug' ? 'رەھمەت!' : request.language === 'en' ? 'Thank you!' : '谢谢你！',
        });
        return true;
      case 'look_at_offers':
        return await answerOffer(path);
      default:
        if (deps.isPlayed(act.helperId)) return false;
        await deps
          .neighbour(act.helperId)
          .post(`/assignments/${act.assignmentId}/${act.kind === 'check_in' ? 'check-in' : act.kind}`);
        return true;
    }
  }

  async function answerOffer(path: string): Promise<boolean> {
    const candidates = await desk().get<CandidatesView>(`${path}/candidates`);
    const next = nextAnswer(candidates, {
      now: deps.clock.now(),
      speed: pace.speed,
      isPlayed: deps.isPlayed,
      willingness: deps.willingness,
      luckOf,
    });
    if (next === null) return false;
    await deps.neighbour(next.helperId).post(`/matches/${next.matchId}/${next.answer}`);
    return true;
  }

  /** Somebody asks for something in their own language; beside a visitor every other time for what the visitor can do. */
  function pickRequest(hasVisitor: boolean, mayWait: boolean): { asker: Asker; sample: SampleRequest } {
    turn += 1;
    const isForVisitor = hasVisitor && turn % 2 === 0;
    const free = deps.askers.filter(({ accountId }) => !deps.isPlayed(accountId));
    const near = free.filter(({ isNear }) => isNear);
    const asker = deps.random.pick(isForVisitor && near.length > 0 ? near : free);
    const own = SAMPLE_REQUESTS.filter(
      ({ language, urgency }) => language === asker.language && (mayWait || urgency !== 'low'),
    );
    const fitting = own.filter(({ kindId }) => deps.volunteerKindIds.includes(kindId));
    const wanted = isForVisitor && fitting.length > 0 ? fitting : own;
    return { asker, sample: deps.random.pick(wanted.length > 0 ? wanted : SAMPLE_REQUESTS) };
  }

  async function maybePost(live: readonly HelpRequestView[]): Promise<void> {
    const now = deps.clock.now().getTime();
    const seconds = ((now - lastPost) / 1000) * pace.speed;
    const hasVisitor = deps.isPlayed(deps.volunteerPersonaId);
    if (seconds < (hasVisitor ? POST_EVERY_SECONDS / 2 : POST_EVERY_SECONDS)) return;
    if (live.filter(({ status }) => status !== 'open').length >= MOVING_MOST || live.length >= LIVE_MOST)
      return;
    lastPost = now;
    const unhurried = live.filter(({ urgency, status }) => urgency === 'low' && status === 'open');
    const { asker, sample } = pickRequest(hasVisitor, unhurried.length < UNHURRIED_MOST);
    const input: HelpRequestInput = {
      kindId: sample.kindId,
      title: sample.title,
      text: sample.text,
      urgency: sample.urgency,
      when: { asap: true, windows: [] },
      minutes: sample.minutes,
      helpersNeeded: sample.helpersNeeded ?? 1,
      language: sample.language,
      submit: true,
    };
    await deps.neighbour(asker.accountId).post('/help-requests', input);
  }

  return {
    pace,
    async step() {
      if (pace.paused) return;
      try {
        const requests = await requestsNow();
        let acts = 0;
        for (const request of requests) {
          if (acts >= ACTS_PER_STEP) break;
          if (await tried(deps, async () => await actOn(request))) acts += 1;
        }
        const live = requests.filter(({ status }) => status !== 'completed');
        await tried(deps, async () => {
          await maybePost(live);
          return true;
        });
        await seeToVisitor(live, pace.speed);
        if (firstSeen.size > 2000) firstSeen.clear();
      } catch (error) {
        if (!(error instanceof NeighbourProblem) && !(error instanceof TypeError)) throw error;
        deps.logger.debug({ error: error.message }, 'the neighbourhood rests');
      }
    },
  };
}

/** What a request looks like to its neighbours: they act when it has looked the same for a while. */
function lookOf({ id, status, wave, needsPerson }: HelpRequestView): string {
  const isTaken = (needsPerson?.takenOverAt ?? null) !== null;
  return [id, status, wave?.no ?? 0, needsPerson?.reason ?? '', isTaken ? 'taken' : ''].join(' ');
}

/** Somebody else was faster, a rule said no: that is life, and the loop goes on. */
async function tried(deps: LifeLoopDeps, act: () => Promise<boolean>): Promise<boolean> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof NeighbourProblem)) throw error;
    deps.logger.debug({ problem: error.message }, 'a simulated act was refused');
    return false;
  }
}
