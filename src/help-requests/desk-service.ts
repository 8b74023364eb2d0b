import type { Actor, Clock, CommandKey, NewId } from '../actor.ts';
import type { Community } from '../communities/community-types.ts';
import { AppError } from '../errors.ts';
import type { OperationId } from '../http/access-table.ts';
import type { RankedHelper } from '../matching/match-types.ts';
import type { CandidatesView, HelpRequestView, VisitDetails } from '../shared/api-types.ts';
import type { ReviewReason } from '../shared/vocabulary.ts';
import type { MatchRecord } from '../matches/match-record.ts';
import type { MatchingBridge } from '../volunteers/matching-bridge.ts';
import { presentCandidates } from './candidates-presenter.ts';
import { toMatchRequest } from './match-request.ts';
import type { Command } from './request-commands.ts';
import { hasFreeSlot } from './request-facts.ts';
import { keyFor, timelineRole, type RequestMover } from './request-mover.ts';
import { isStaff, notFound, requireRelation } from './request-policy.ts';
import type { RequestReveal } from './request-reveal.ts';
import type { RequestSearch } from './request-search.ts';
import type { RequestStore } from './request-store.ts';
import type { HelpRequestRecord, NewMatch } from './request-types.ts';
import type { RequestViews } from './request-views.ts';
import type { WaveDecision, WaveService } from './wave-service.ts';

export interface DeskServiceDeps {
  readonly requests: Pick<RequestStore, 'read'>;
  readonly mover: RequestMover;
  readonly search: RequestSearch;
  readonly waves: WaveService;
  readonly bridge: Pick<MatchingBridge, 'explain'>;
  readonly matches: { ofRequest(communityId: string, requestId: string): Promise<MatchRecord[]> };
  readonly views: RequestViews;
  readonly reveal: RequestReveal;
  readonly communities: { get(communityId: string): Promise<Community> };
  readonly clock: Clock;
  readonly newId: NewId;
}

/** What the centre's staff do with a request. Nobody decides about a request they are party to. */
export interface DeskService {
  approve(actor: Actor, id: string, note: string | null, key?: CommandKey): Promise<HelpRequestView>;
  sendBack(
    actor: Actor,
    id: string,
    reason: ReviewReason,
    note: string | null,
    key?: CommandKey,
  ): Promise<HelpRequestView>;
  reject(
    actor: Actor,
    id: string,
    reason: ReviewReason,
    note: string | null,
    key?: CommandKey,
  ): Promise<HelpRequestView>;
  settle(
    actor: Actor,
    id: string,
    outcome: 'completed' | 'cancelled' | 'matching',
    note: string | null,
    key?: CommandKey,
  ): Promise<HelpRequestView>;
  takeOver(actor: Actor, id: string, key?: CommandKey): Promise<HelpRequestView>;
  giveUp(actor: Actor, id: string, note: string | null, key?: CommandKey): Promise<HelpRequestView>;
  candidates(actor: Actor, id: string, helperId?: string): Promise<CandidatesView & { why?: Why | null }>;
  /** The next wave now, whatever the engine waits for. */
  sendWave(actor: Actor, id: string, key?: CommandKey): Promise<CandidatesView>;
  /** Asks one helper chosen by hand. Hard constraints hold for staff too. */
  offer(actor: Actor, id: string, helperId: string, key?: CommandKey): Promise<CandidatesView>;
  readVisit(actor: Actor, id: string, purpose: string): Promise<VisitDetails>;
}

/** Why a helper is not among the candidates. */
export interface Why {
  readonly helperId: string;
  readonly refusals: readonly string[];
}

export function createDeskService(deps: DeskServiceDeps): DeskService {
  const { views, mover, waves } = deps;

  async function run(
    actor: Actor,
    id: string,
    operation: OperationId,
    command: (request: HelpRequestRecord) => Command | Promise<Command>,
    key: CommandKey | undefined,
  ): Promise<HelpRequestRecord> {
    const reader = await views.readerOf(actor);
    const read = async (): Promise<HelpRequestRecord | null> =>
      await deps.requests.read(actor.communityId, id);
    return await views.withPresent(actor, read, async () => {
      const { request } = await mover.move({
        communityId: actor.communityId,
        requestId: id,
        actorId: actor.accountId,
        actorRole: 'staff',
        key: keyFor(operation, key),
        check: (present) => void requireRelation(operation, present, reader),
        command,
      });
      return await deps.search.advance(request);
    });
  }

  async function candidates(actor: Actor, request: HelpRequestRecord): Promise<CandidatesView> {
    const [{ ranking, plan }, matches] = await Promise.all([
      waves.look(request),
      deps.matches.ofRequest(actor.communityId, request._id),
    ]);
    const ids = [
      ...ranking.ranked.map(({ helperId }) => helperId),
      ...matches.map(({ helperId }) => helperId),
    ];
    const names = await views.names(actor.communityId, ids.slice(0, 1_000));
    return presentCandidates({ request, ranking, plan, matches, names });
  }

  async function requireStaffReading(actor: Actor, id: string): Promise<HelpRequestRecord> {
    const [request, reader] = await Promise.all([
      deps.requests.read(actor.communityId, id),
      views.readerOf(actor),
    ]);
    if (request === null) throw notFound();
    requireRelation('listCandidates', request, reader);
    return request;
  }

  /** A move whose offers are reserved before the write and given back when it is not written. */
  async function runReserved(
    actor: Actor,
    id: string,
    operation: OperationId,
    decide: (request: HelpRequestRecord) => Promise<WaveDecision>,
    key: CommandKey | undefined,
  ): Promise<CandidatesView> {
    let held: WaveDecision | null = null;
    let written: HelpRequestRecord | null = null;
    try {
      written = await run(
        actor,
        id,
        operation,
        async (request) => {
          await waves.undo(actor.communityId, held);
          held = null;
          held = await decide(request);
          return held;
        },
        key,
      );
      return await candidates(actor, written);
    } finally {
      if (held !== null && !isWritten(written, held)) await waves.undo(actor.communityId, held);
    }
  }

  async function rankedByHand(request: HelpRequestRecord, helperId: string): Promise<RankedHelper> {
    const community = await deps.communities.get(request.communityId);
    const asked = toMatchRequest(request, community, {
      now: deps.clock.now(),
      helpedBeforeIds: [],
      askedAgain: helperId,
    });
    const answer = await deps.bridge.explain(request.communityId, asked, helperId, 0);
    if (answer === undefined) throw unknownHelper();
    if ('ranked' in answer) return answer.ranked;
    throw new AppError('helper-busy', `This helper cannot be asked: ${answer.refusals.join(', ')}.`);
  }

  return {
    approve: async (actor, id, note, key) =>
      await views.view(
        actor,
        await run(actor, id, 'approveHelpRequest', () => ({ name: 'approve', note }), key),
      ),
    sendBack: async (actor, id, reason, note, key) =>
      await views.view(
        actor,
        await run(actor, id, 'returnHelpRequest', () => ({ name: 'return', reason, note }), key),
      ),
    reject: async (actor, id, reason, note, key) =>
      await views.view(
        actor,
        await run(actor, id, 'rejectHelpRequest', () => ({ name: 'reject', reason, note }), key),
      ),
    settle: async (actor, id, outcome, note, key) =>
      await views.view(
        actor,
        await run(actor, id, 'settleDispute', () => ({ name: 'settle', outcome, note }), key),
      ),
    takeOver: async (actor, id, key) =>
      await views.view(
        actor,
        await run(actor, id, 'takeOverHelpRequest', () => ({ name: 'take_over' }), key),
      ),
    giveUp: async (actor, id, note, key) =>
      await views.view(
        actor,
        await run(actor, id, 'giveUpHelpRequest', () => ({ name: 'give_up', note }), key),
      ),
    async candidates(actor, id, helperId) {
      const request = await requireStaffReading(actor, id);
      const view = await candidates(actor, request);
      if (helperId === undefined) return view;
      const community = await deps.communities.get(actor.communityId);
      const asked = toMatchRequest(request, community, { now: deps.clock.now(), helpedBeforeIds: [] });
      const answer = await deps.bridge.explain(actor.communityId, asked, helperId, 0);
      if (answer === undefined) return { ...view, why: null };
      return { ...view, why: { helperId, refusals: 'ranked' in answer ? [] : [...answer.refusals] } };
    },
    sendWave: async (actor, id, key) =>
      await runReserved(
        actor,
        id,
        'sendWave',
        async (request) => {
          const decision = hasFreeSlot(request) ? await waves.next(request, 'staff') : null;
          if (decision === null) throw new AppError('already-taken', 'All places are taken.');
          return decision;
        },
        key,
      ),
    offer: async (actor, id, helperId, key) =>
      await runReserved(
        actor,
        id,
        'offerToHelper',
        async (request) => {
          const match = await waves.matchFor(request, await rankedByHand(request, helperId), 'staff');
          if (!(await waves.reserveOne(request, match))) {
            throw new AppError('helper-busy', 'This helper has enough on their hands just now.');
          }
          return oneOffer(request, match);
        },
        key,
      ),
    async readVisit(actor, id, purpose) {
      const request = await deps.requests.read(actor.communityId, id);
      if (request === null) throw notFound();
      const reader = await views.readerOf(actor);
      const check = (present: HelpRequestRecord): void => {
        // Who wrote it for somebody else is party to it, and reads the door like everybody: logged, with a purpose.
        const isProxy = present.authorId === actor.accountId && present.authorId !== present.beneficiaryId;
        if (!(isProxy && isStaff(actor))) requireRelation('revealForStaff', present, reader);
      };
      check(request);
      const role = timelineRole(request, actor);
      return await deps.reveal.read({ actor, request, readerRole: 'staff', purpose, role, check });
    },
  };
}

function isWritten(request: HelpRequestRecord | null, decision: WaveDecision): boolean {
  if (decision.name !== 'send_wave' || request === null) return decision.name !== 'send_wave';
  const first = decision.wave.matches[0];
  return first !== undefined && request.offers.some(({ matchId }) => matchId === first.matchId);
}

/** A wave of one. It does not shorten the time that others still have. */
function oneOffer(request: HelpRequestRecord, match: NewMatch): WaveDecision {
  const running = request.wave?.closesAt ?? match.answerBy;
  const closesAt = running > match.answerBy ? running : match.answerBy;
  return {
    name: 'send_wave',
    lapse: false,
    by: 'staff',
    wave: { matches: [match], closesAt, reached: match.reached ? 1 : 0 },
  };
}

function unknownHelper(): AppError {
  return new AppError('invalid-input', 'This person is no volunteer here.', {
    errors: [{ pointer: '/helperId', code: 'unknown', detail: 'Choose one of the candidates.' }],
  });
}
