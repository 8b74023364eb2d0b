import { createHash } from 'node:crypto';
import type { Clock } from '../actor.ts';
import type { CandidatesView, HelpRequestInput, HelpRequestView, Page } from '../shared/api-types.ts';
import { nextAct, nextAnswer, type SimulatedAct } from './life-rules.ts';
import { NeighbourProblem, type Neighbour } from './neighbour-client.ts';
import { SAMPLE_REQUESTS } from './request-texts.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface LifeLoopDeps {
  readonly clock: Clock;
  readonly random: SeededRandom;
  /** A simulated person by account id. */
  readonly neighbour: (accountId: string) => Neighbour;
  /** Simulated colleagues at the desk, not the one a visitor can be. */
  readonly staffIds: readonly string[];
  /** Residents who ask for help by themselves, with the language they write in. */
  readonly askers: readonly { readonly accountId: string; readonly language: string }[];
  /** Whose words a request is; null when it is gone. */
  readonly authorOf: (requestId: string) => Promise<string | null>;
  readonly isPlayed: (accountId: string) => boolean;
  readonly staffPersonaId: string;
  readonly volunteerPersonaId: string;
  readonly willingness: (helperId: string) => { readonly accepts: number; readonly declines: number };
  readonly logger: { debug(details: Record<string, unknown>, message: string): void };
}

export interface LifeLoop {
  /** One look around: at most three things happen. Never throws: a refusal is how life answers. */
  step(): Promise<void>;
  pace: { speed: number; paused: boolean };
}

const ACTS_PER_STEP = 3;
const LIVE_TARGET = 14;
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

  async function requestsNow(): Promise<HelpRequestView[]> {
    const seen = await desk().get<Page<HelpRequestView>>('/help-requests?view=staff&limit=50');
    return seen.items.filter(({ status }) => LIVE.has(status));
  }

  function secondsIn(request: HelpRequestView): number {
    const key = `${request.id} ${request.status}`;
    const now = deps.clock.now().getTime();
    const since = firstSeen.get(key) ?? now;
    firstSeen.set(key, since);
    return ((now - since) / 1000) * pace.speed;
  }

  async function actOn(card: HelpRequestView): Promise<boolean> {
    const author = await deps.authorOf(card.id);
    if (author === null) return false;
    const request = await desk().get<HelpRequestView>(`/help-requests/${card.id}`);
    const act = nextAct({
      request,
      seconds: secondsIn(request),
      luck: luckOf(`${request.id} ${request.status}`),
      isStaffPlayed: deps.isPlayed(deps.staffPersonaId),
      isAuthorPlayed: deps.isPlayed(author),
      now: deps.clock.now(),
    });
    return act !== null && (await perform(request, act, author));
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

  async function maybePost(live: number): Promise<void> {
    const now = deps.clock.now().getTime();
    const seconds = ((now - lastPost) / 1000) * pace.speed;
    const isQuietVolunteer = deps.isPlayed(deps.volunteerPersonaId);
    if (seconds < (isQuietVolunteer ? POST_EVERY_SECONDS / 2 : POST_EVERY_SECONDS) || live >= LIVE_TARGET * 2)
      return;
    lastPost = now;
    const asker = deps.random.pick(deps.askers.filter(({ accountId }) => !deps.isPlayed(accountId)));
    const wanted = SAMPLE_REQUESTS.filter(({ language }) => language === asker.language);
    const sample = deps.random.pick(wanted.length > 0 ? wanted : SAMPLE_REQUESTS);
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
        const live = requests.filter(({ status }) => status !== 'completed').length;
        await tried(deps, async () => {
          await maybePost(live);
          return true;
        });
        if (firstSeen.size > 2000) firstSeen.clear();
      } catch (error) {
        if (!(error instanceof NeighbourProblem) && !(error instanceof TypeError)) throw error;
        deps.logger.debug({ error: error.message }, 'the neighbourhood rests');
      }
    },
  };
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
