import type { Clock, NewId } from '../actor.ts';
import { localDate, minuteOfDay } from '../communities/community-clock.ts';
import type { Community } from '../communities/community-types.ts';
import type { RankedHelper, Ranking, WavePlan } from '../matching/match-types.ts';
import type { MatchingRun } from '../matching/matching-run.ts';
import { planWave } from '../matching/wave-plan.ts';
import { waveRules } from '../matching/wave-rules.ts';
import { LIMITS } from '../shared/limits.ts';
import type { MatchRunRecord } from '../matches/match-record.ts';
import type { HelperLoadStore, Reservation } from '../volunteers/helper-load-types.ts';
import type { MatchingBridge } from '../volunteers/matching-bridge.ts';
import { toMatchRequest } from './match-request.ts';
import type { Command } from './request-commands.ts';
import { hasFreeSlot, isSearching, openOffers } from './request-facts.ts';
import { after, MINUTE, proposedStart, TIMES } from './request-times.ts';
import type { HelpRequestRecord, NewMatch } from './request-types.ts';

export interface WaveServiceDeps {
  readonly bridge: Pick<MatchingBridge, 'rank' | 'helper' | 'loadsChanged'>;
  readonly loads: Pick<HelperLoadStore, 'reserve' | 'release'>;
  /** What a ranking considered, kept before its wave is written: a wave that is sent can always be replayed. */
  readonly keepRun: (run: MatchRunRecord) => Promise<void>;
  readonly helpedBefore: (communityId: string, beneficiaryId: string) => Promise<readonly string[]>;
  readonly communities: { get(communityId: string): Promise<Community> };
  readonly isReachable: (accountId: string) => boolean;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** What should happen to the search now, with every helper of a wave already reserved. */
export type WaveDecision = Extract<Command, { name: 'send_wave' | 'stop_waves' | 'wait_for_day' }>;

export interface WaveService {
  /** The next step of the search; null when nobody is sought. Reserves; give back with `undo` what is not written. */
  next(request: HelpRequestRecord, by: 'engine' | 'staff'): Promise<WaveDecision | null>;
  undo(communityId: string, decision: WaveDecision | null): Promise<void>;
  /** Ranking and plan as they would be now, nothing reserved. */
  look(request: HelpRequestRecord): Promise<{ ranking: Ranking; plan: WavePlan }>;
  /** The match of one helper chosen by hand or by themselves, not yet reserved. */
  matchFor(request: HelpRequestRecord, ranked: RankedHelper, source: NewMatch['source']): Promise<NewMatch>;
  /** Reserves one helper for one match; false when their caps do not allow it. */
  reserveOne(request: HelpRequestRecord, match: NewMatch): Promise<boolean>;
}

interface Looked {
  readonly ranking: Ranking;
  readonly run: MatchingRun;
  readonly community: Community;
}

/** As many are ranked and kept for the replay. */
const RANKED = 200;
/** An urgent wave that reached nobody is followed by the next one after this long. */
const UNREACHED_MS = 5_000;

/**
 * Turns rankings into offers: ranks with the engine, plans the wave, reserves its helpers in their own documents,
 * fills up from the reserve, and says which move follows. Nothing here writes the request.
 */
export function createWaveService(deps: WaveServiceDeps): WaveService {
  async function look(request: HelpRequestRecord): Promise<Looked & { plan: WavePlan }> {
    const now = deps.clock.now();
    const [community, helpedBeforeIds] = await Promise.all([
      deps.communities.get(request.communityId),
      deps.helpedBefore(request.communityId, request.beneficiaryId),
    ]);
    const asked = toMatchRequest(request, community, { now, helpedBeforeIds });
    const { ranking, run } = await deps.bridge.rank(request.communityId, asked, {
      limit: RANKED,
      seed: request.waves.length + 1,
      runId: deps.newId(),
    });
    const awaited = openOffers(request).filter(({ answerBy }) => answerBy > now);
    const households = await Promise.all(
      awaited.map(
        async ({ helperId }) =>
          (await deps.bridge.helper(request.communityId, helperId))?.householdId ?? null,
      ),
    );
    const plan = planWave(
      ranking,
      {
        wavesSent: request.waves.length - request.searchBase,
        slotsFree: Math.max(1, request.needed - request.taken),
        openOffers: awaited.length,
      },
      request.urgency,
      { householdsTold: households.filter((one) => one !== null) },
    );
    return { ranking, run, plan, community };
  }

  async function reserve(
    request: HelpRequestRecord,
    community: Community,
    matches: readonly NewMatch[],
  ): Promise<readonly NewMatch[]> {
    if (matches.length === 0) return [];
    const now = deps.clock.now();
    const reservations: Reservation[] = [];
    for (const { helperId, matchId } of matches) {
      const helper = await deps.bridge.helper(request.communityId, helperId);
      if (helper === undefined) continue;
      reservations.push({
        helperId,
        requestId: request._id,
        matchId,
        urgent: request.urgency === 'critical',
        maxTasks: helper.maxTasks,
        maxOffersPerDay: Math.min(helper.maxOffersPerDay, LIMITS.offersPerDayMax),
      });
    }
    const loads = await deps.loads.reserve(request.communityId, reservations, {
      now,
      day: localDate(community, now),
      coolDownMs: LIMITS.offerCoolDownMs,
    });
    deps.bridge.loadsChanged(loads);
    const held = new Set(loads.map(({ _id }) => _id));
    return matches.filter(({ helperId }) => held.has(helperId));
  }

  function newMatch(
    request: HelpRequestRecord,
    ranked: RankedHelper,
    source: NewMatch['source'],
    helpedBefore: boolean,
  ): NewMatch {
    const now = deps.clock.now();
    return {
      matchId: deps.newId(),
      helperId: ranked.helperId,
      waveNo: request.waves.length + 1,
      source,
      status: 'notified',
      at: now,
      answerBy: after(now, waveRules[request.urgency].waitMs),
      proposedStartsAt: proposedStart(request, now),
      metres: ranked.metres,
      score: ranked.score,
      parts: ranked.parts,
      reasons: ranked.reasons.map((reason) => ({ ...reason })),
      acceptance: ranked.acceptance,
      attention: ranked.attention,
      reached: deps.isReachable(ranked.helperId),
      helpedBefore,
    };
  }

  async function sendWave(
    request: HelpRequestRecord,
    plan: Extract<WavePlan, { kind: 'wave' }>,
    looked: Looked,
    by: 'engine' | 'staff',
  ): Promise<WaveDecision | null> {
    const { community, run } = looked;
    const known = (ranked: RankedHelper): boolean =>
      ranked.reasons.some(({ key }) => key === 'helped_before');
    const toMatch = (ranked: RankedHelper): NewMatch => newMatch(request, ranked, by, known(ranked));
    const [first] = await Promise.all([
      reserve(request, community, plan.helpers.map(toMatch)),
      deps.keepRun({
        _id: run.runId,
        communityId: request.communityId,
        requestId: request._id,
        waveNo: request.waves.length + 1,
        at: deps.clock.now(),
        digest: run.digest,
        run: JSON.stringify(run),
      }),
    ]);
    const missing = plan.helpers.length - first.length;
    const second =
      missing > 0 ? await reserve(request, community, plan.reserve.slice(0, missing).map(toMatch)) : [];
    const matches = [...first, ...second];
    if (matches.length === 0) return null;
    const now = deps.clock.now();
    const reached = matches.filter((match) => match.reached).length;
    const isUrgent = request.urgency === 'critical' || request.urgency === 'high';
    // A wave that reached nobody is not waited for; by night the rest may wait for the morning.
    const closesAt = after(now, isUrgent && reached === 0 ? UNREACHED_MS : plan.waitMs);
    return {
      name: 'send_wave',
      lapse: true,
      by,
      wave: {
        matches,
        closesAt,
        reached,
      },
    };
  }

  return {
    look,
    async next(request, by) {
      const now = deps.clock.now();
      const lapse = true;
      if (!isSearching(request)) {
        // The last answers that were awaited, for a stand-by, are over.
        return openOffers(request).length === 0 ? null : { name: 'stop_waves', lapse, retryAt: null };
      }
      const community = await deps.communities.get(request.communityId);
      const until = by === 'staff' ? null : daytimeFrom(request, community, now);
      if (until !== null) return { name: 'wait_for_day', lapse, until };
      const looked = await look(request);
      const { ranking, plan } = looked;
      if (plan.kind === 'stop' && (by === 'engine' || plan.reason !== 'waves_used_up')) {
        return {
          name: 'stop_waves',
          lapse,
          retryAt: plan.reason === 'waves_used_up' ? null : after(now, TIMES.searchAgain),
        };
      }
      const wave = plan.kind === 'wave' ? plan : anotherWave(request, ranking);
      const sent = wave === null ? null : await sendWave(request, wave, looked, by);
      return sent ?? { name: 'stop_waves', lapse, retryAt: after(now, TIMES.searchAgain) };
    },
    async undo(communityId, decision) {
      if (decision?.name !== 'send_wave') return;
      const offers = decision.wave.matches.map(({ helperId, matchId }) => ({ helperId, matchId }));
      deps.bridge.loadsChanged(await deps.loads.release(communityId, offers, { undo: true }));
    },
    async matchFor(request, ranked, source) {
      const helped = await deps.helpedBefore(request.communityId, request.beneficiaryId);
      return newMatch(request, ranked, source, helped.includes(ranked.helperId));
    },
    async reserveOne(request, match) {
      const community = await deps.communities.get(request.communityId);
      return (await reserve(request, community, [match])).length === 1;
    },
  };
}

/** Staff may send one more wave than the engine would: as if it were the first. */
function anotherWave(
  request: HelpRequestRecord,
  ranking: Ranking,
): Extract<WavePlan, { kind: 'wave' }> | null {
  const history = { wavesSent: 0, slotsFree: Math.max(1, request.needed - request.taken), openOffers: 0 };
  const plan = planWave(ranking, history, request.urgency);
  return plan.kind === 'wave' && hasFreeSlot(request) ? plan : null;
}

/** When this urgency goes out by day only and it is night: the next morning; null: now. */
function daytimeFrom(request: HelpRequestRecord, community: Community, now: Date): Date | null {
  const { daytime } = waveRules[request.urgency];
  if (daytime === null) return null;
  const minute = minuteOfDay(community, now);
  if (minute >= daytime.from && minute < daytime.to) return null;
  const wait = (daytime.from - minute + 1440) % 1440;
  return after(now, wait * MINUTE);
}
