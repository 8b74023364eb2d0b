import type { Clock } from '../actor.ts';
import type { Person } from '../accounts/account-types.ts';
import { localDate, weekMinuteOf } from '../communities/community-clock.ts';
import type { Community } from '../communities/community-types.ts';
import { createMatchingIndex } from '../matching/matching-index.ts';
import { recordRun, type MatchingRun } from '../matching/matching-run.ts';
import type {
  Helper,
  HelperHistory,
  MatchingIndex,
  MatchRequest,
  Moment,
  RankedHelper,
  Ranking,
  Refusal,
} from '../matching/match-types.ts';
import type { PublicPlaceView } from '../shared/api-types.ts';
import { addExperience, NO_HISTORY, type HelperExperience } from './helper-history.ts';
import type { HelperLoadRecord } from './helper-load-model.ts';
import type { HelperLoadStore } from './helper-load-types.ts';
import type { HelperProfile } from './helper-profile-model.ts';
import type { HelperProfileStore } from './helper-profile-store.ts';
import { engineLoad, toEngineHelper } from './to-engine-helper.ts';

export interface MatchingBridgeDeps {
  readonly profiles: Pick<HelperProfileStore, 'approved' | 'readMany'>;
  readonly loads: Pick<HelperLoadStore, 'ensure' | 'readMany'>;
  readonly accounts: { people(communityId: string, ids: readonly string[]): Promise<Map<string, Person>> };
  readonly communities: {
    get(communityId: string): Promise<Community>;
    publicPlaces(communityId: string, placeIds: readonly string[]): Promise<Map<string, PublicPlaceView>>;
  };
  /** What the records say about helpers; those without any are absent. Absent ids: all of the community. */
  readonly histories: (
    communityId: string,
    helperIds?: readonly string[],
  ) => Promise<ReadonlyMap<string, HelperHistory>>;
  readonly isReachable: (accountId: string) => boolean;
  readonly clock: Clock;
}

/** The live index of one Community as the rest of the house sees it. */
export interface MatchingBridge {
  /** Best first, the attention of helpers without a live channel lowered; and what a replay of it needs. */
  rank(
    communityId: string,
    request: MatchRequest,
    options: { limit: number; seed: number; runId: string },
  ): Promise<{ ranking: Ranking; run: MatchingRun }>;
  explain(
    communityId: string,
    request: MatchRequest,
    helperId: string,
    seed: number,
  ): Promise<{ readonly ranked: RankedHelper } | { readonly refusals: readonly Refusal[] } | undefined>;
  helper(communityId: string, helperId: string): Promise<Helper | undefined>;
  /** Reads profile, account and place of one helper again. */
  profileChanged(communityId: string, helperId: string): Promise<void>;
  loadsChanged(loads: readonly HelperLoadRecord[]): void;
  experienced(communityId: string, helperId: string, experience: HelperExperience): void;
}

/** A helper whose only channels are slow notices an offer half as likely just now. */
const SLOW_CHANNEL = 0.5;
const PEOPLE_AT_ONCE = 500;

interface Live {
  readonly index: MatchingIndex;
  readonly histories: Map<string, HelperHistory>;
  /** The day that the counts of the index belong to. */
  day: string;
}

/**
 * Keeps one live index per Community: loaded on first use, then fed by the changes of profiles, duty, loads and
 * accounts in this process. The engine knows public places only. What the index says is never trusted with a
 * promise: every offer is confirmed by a conditional write on `helperLoads`.
 */
export function createMatchingBridge(deps: MatchingBridgeDeps): MatchingBridge {
  const lives = new Map<string, Promise<Live>>();
  const loaded = new Map<string, Live>();
  /** Changes that arrive while an index loads are read again after. */
  const readAgain = new Map<string, Set<string>>();

  async function live(communityId: string): Promise<Live> {
    const known = lives.get(communityId);
    if (known !== undefined) return await known;
    const loading = load(communityId);
    lives.set(communityId, loading);
    loading.catch(() => {
      lives.delete(communityId);
    });
    return await loading;
  }

  async function load(communityId: string): Promise<Live> {
    readAgain.set(communityId, new Set());
    const [profiles, histories, community] = await Promise.all([
      deps.profiles.approved(communityId),
      deps.histories(communityId),
      deps.communities.get(communityId),
    ]);
    const made: Live = {
      index: createMatchingIndex(),
      histories: new Map(histories),
      day: localDate(community, deps.clock.now()),
    };
    for (let from = 0; from < profiles.length; from += PEOPLE_AT_ONCE) {
      await putMany(made, communityId, profiles.slice(from, from + PEOPLE_AT_ONCE));
    }
    loaded.set(communityId, made);
    const late = readAgain.get(communityId) ?? [];
    readAgain.delete(communityId);
    for (const helperId of late) await putOne(made, communityId, helperId);
    return made;
  }

  async function putMany(into: Live, communityId: string, profiles: readonly HelperProfile[]): Promise<void> {
    const ids = profiles.map(({ _id }) => _id);
    await deps.loads.ensure(communityId, ids);
    const [people, loads] = await Promise.all([
      deps.accounts.people(communityId, ids),
      deps.loads.readMany(communityId, ids),
    ]);
    const places = await deps.communities.publicPlaces(communityId, [
      ...new Set([...people.values()].map(({ publicPlaceId }) => publicPlaceId)),
    ]);
    const loadOf = new Map(loads.map((one) => [one._id, one]));
    for (const profile of profiles) {
      const person = people.get(profile._id);
      const place = person === undefined ? undefined : places.get(person.publicPlaceId);
      const own = loadOf.get(profile._id);
      if (person === undefined || place === undefined || own === undefined || !isHelper(profile, person)) {
        into.index.remove(profile._id);
        continue;
      }
      const history = into.histories.get(profile._id) ?? NO_HISTORY;
      into.index.put(toEngineHelper({ profile, person, place, load: own, history, day: into.day }));
    }
  }

  async function putOne(into: Live, communityId: string, helperId: string): Promise<void> {
    const [profile] = await deps.profiles.readMany(communityId, [helperId]);
    if (profile?.status === 'approved') await putMany(into, communityId, [profile]);
    else into.index.remove(helperId);
  }

  /** The index with the counts of today, and the moment on the community's clock. */
  async function now(communityId: string): Promise<{ live: Live; moment: Moment }> {
    const [current, community] = await Promise.all([live(communityId), deps.communities.get(communityId)]);
    const at = deps.clock.now();
    const day = localDate(community, at);
    if (day !== current.day) {
      current.day = day;
      for (const { _id } of await deps.profiles.approved(communityId)) {
        current.index.setLoad(_id, { offersToday: 0 });
      }
    }
    return { live: current, moment: { now: at.getTime(), weekMinute: weekMinuteOf(community, at) } };
  }

  return {
    async rank(communityId, request, { limit, seed, runId }) {
      const { live: current, moment } = await now(communityId);
      const ranking = current.index.rank(request, moment, { limit, seed });
      // In the same turn: the records of the helpers are those that were ranked.
      const run = recordRun(runId, current.index, request, moment, ranking);
      const ranked = ranking.ranked.map((one) => withReach(one, deps.isReachable));
      return { ranking: { ...ranking, ranked }, run };
    },
    async explain(communityId, request, helperId, seed) {
      const { live: current, moment } = await now(communityId);
      return current.index.explain(request, helperId, moment, seed);
    },
    helper: async (communityId, helperId) => (await live(communityId)).index.get(helperId),
    async profileChanged(communityId, helperId) {
      readAgain.get(communityId)?.add(helperId);
      const known = loaded.get(communityId);
      if (known !== undefined) await putOne(known, communityId, helperId);
    },
    loadsChanged(loads) {
      for (const load of loads) {
        readAgain.get(load.communityId)?.add(load._id);
        const known = loaded.get(load.communityId);
        const helper = known?.index.get(load._id);
        if (known === undefined || helper === undefined) continue;
        known.index.setLoad(load._id, engineLoad(load, helper.maxTasks, known.day));
      }
    },
    experienced(communityId, helperId, experience) {
      const known = loaded.get(communityId);
      if (known === undefined) return;
      const history = addExperience(known.histories.get(helperId) ?? NO_HISTORY, experience);
      known.histories.set(helperId, history);
      const helper = known.index.get(helperId);
      if (helper !== undefined) known.index.put({ ...helper, history });
    },
  };
}

function isHelper(profile: HelperProfile, person: Person): boolean {
  return profile.status === 'approved' && person.roles.includes('volunteer') && person.status !== 'refused';
}

function withReach(one: RankedHelper, isReachable: (accountId: string) => boolean): RankedHelper {
  if (isReachable(one.helperId)) return one;
  return { ...one, attention: one.attention * SLOW_CHANNEL, order: one.order * SLOW_CHANNEL };
}
