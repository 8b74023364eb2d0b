import type { Actor, Clock } from '../actor.ts';
import type { AccountService, HelperDecision, HelperDesk, HelperSummary } from '../accounts/account-types.ts';
import { localDate } from '../communities/community-clock.ts';
import type { CommunityService } from '../communities/community-types.ts';
import { AppError } from '../errors.ts';
import type { HelperProfileView } from '../shared/api-types.ts';
import type { HelperLoadStore } from './helper-load-types.ts';
import type { HelperProfile, ProfileSkill } from './helper-profile-model.ts';
import { presentHelperProfile } from './helper-profile-presenter.ts';
import type { HelperProfileInput } from './helper-profile-schemas.ts';
import type { HelperProfileStore } from './helper-profile-store.ts';
import type { MatchingBridge } from './matching-bridge.ts';

export interface HelperProfileServiceDeps {
  readonly profiles: HelperProfileStore;
  readonly loads: Pick<HelperLoadStore, 'ensure' | 'readMany'>;
  readonly bridge: Pick<MatchingBridge, 'profileChanged'>;
  readonly accounts: Pick<AccountService, 'person' | 'setTrustTier' | 'setVolunteer'>;
  readonly communities: Pick<CommunityService, 'get' | 'publicPlace'>;
  readonly clock: Clock;
}

/** What the view of somebody's helper needs to say about them. */
export interface HelperNotes {
  readonly verifiedSkillIds: readonly string[];
  readonly languages: HelperProfile['languages'];
}

export interface HelperProfileService extends HelperDesk {
  readMine(actor: Actor): Promise<HelperProfileView>;
  /**
   * Saves what a volunteer offers; the first saving asks the centre to approve. A skill whose level changed, or
   * that is new, is not verified. Throws `version-changed` and `invalid-input` for unknown skills and kinds.
   */
  save(actor: Actor, input: HelperProfileInput): Promise<HelperProfileView>;
  /** Only approved volunteers are on duty. */
  setDuty(actor: Actor, onDuty: boolean): Promise<HelperProfileView>;
  /** Verified skills and languages of helpers, by account; absent without a profile. */
  notes(communityId: string, accountIds: readonly string[]): Promise<ReadonlyMap<string, HelperNotes>>;
}

export function createHelperProfileService(deps: HelperProfileServiceDeps): HelperProfileService {
  const { profiles, bridge, accounts, communities, clock } = deps;

  async function present(actor: Actor, profile: HelperProfile | null): Promise<HelperProfileView> {
    const { communityId, accountId } = actor;
    const [community, person, [load]] = await Promise.all([
      communities.get(communityId),
      accounts.person(communityId, accountId),
      deps.loads.readMany(communityId, [accountId]),
    ]);
    if (person === null) throw new AppError('not-found', 'There is no such account.');
    const place = await communities.publicPlace(communityId, person.publicPlaceId);
    const today = localDate(community, clock.now());
    return presentHelperProfile({ profile, person, place, load: load ?? null, today, now: clock.now() });
  }

  async function changed(profile: HelperProfile | null): Promise<HelperProfile> {
    if (profile === null) {
      throw new AppError('version-changed', 'Somebody changed this meanwhile: read it again, then repeat.');
    }
    await bridge.profileChanged(profile.communityId, profile._id);
    return profile;
  }

  async function insert(actor: Actor, input: HelperProfileInput): Promise<HelperProfile> {
    const { version: _, skills, ...offer } = input;
    const now = clock.now();
    const profile: HelperProfile = {
      ...offer,
      _id: actor.accountId,
      communityId: actor.communityId,
      status: 'waiting',
      skills: unverified(skills),
      isOnDuty: false,
      blockedIds: [],
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    const isNew = await profiles.insert(profile);
    return await changed(isNew ? profile : null);
  }

  return {
    async readMine(actor) {
      return await present(actor, await profiles.read(actor.communityId, actor.accountId));
    },
    async save(actor, input) {
      const stored = await profiles.read(actor.communityId, actor.accountId);
      await requireKnown(input, actor.communityId, stored);
      if (stored === null) {
        if (input.version !== 0) await changed(null);
        return await present(actor, await insert(actor, input));
      }
      const { version, skills, ...offer } = input;
      const isRepeated = stored.version === version + 1 && isSameOffer(stored, input);
      if (isRepeated) return await present(actor, stored);
      const set = {
        ...offer,
        skills: keepVerified(skills, stored.skills),
        updatedAt: clock.now(),
        // Somebody who was refused asks again by saving.
        ...(stored.status === 'refused' ? { status: 'waiting' as const } : {}),
      };
      return await present(
        actor,
        await changed(await profiles.change(actor.communityId, actor.accountId, version, set)),
      );
    },
    async setDuty(actor, onDuty) {
      for (let tries = 0; tries < 5; tries += 1) {
        const stored = await profiles.read(actor.communityId, actor.accountId);
        if (stored?.status !== 'approved') {
          throw new AppError('not-allowed', 'The centre has not approved your profile yet.');
        }
        if (stored.isOnDuty === onDuty) return await present(actor, stored);
        const set = { isOnDuty: onDuty, updatedAt: clock.now() };
        const written = await profiles.change(actor.communityId, actor.accountId, stored.version, set);
        if (written !== null) return await present(actor, await changed(written));
      }
      return await present(actor, await changed(null));
    },
    async notes(communityId, accountIds) {
      const found = await profiles.readMany(communityId, accountIds);
      return new Map(
        found.map(({ _id, skills, languages }): [string, HelperNotes] => [
          _id,
          {
            verifiedSkillIds: skills.filter(({ verified }) => verified).map(({ skillId }) => skillId),
            languages,
          },
        ]),
      );
    },
    async summaries(communityId, accountIds) {
      const found = await profiles.readMany(communityId, accountIds);
      return new Map(
        found.map(({ _id, status, skills }): [string, HelperSummary] => [_id, { status, skills }]),
      );
    },
    waitingIds: async (communityId) => await profiles.waitingIds(communityId),
    async decide(actor, accountId, decision) {
      for (let tries = 0; tries < 5; tries += 1) {
        const stored = await profiles.read(actor.communityId, accountId);
        if (stored === null) return;
        const set = decided(stored, decision, clock.now());
        const written = await profiles.change(actor.communityId, accountId, stored.version, set);
        if (written === null) continue;
        if (decision.approve) {
          await deps.loads.ensure(actor.communityId, [accountId]);
          await accounts.setTrustTier(actor.communityId, accountId, decision.trustTier);
        }
        await accounts.setVolunteer(actor.communityId, accountId, decision.approve);
        await changed(written);
        return;
      }
      throw new AppError('version-changed', 'The profile changes at this moment: please try again.');
    },
  };

  /** What the centre has since taken off its lists may stay in a profile; nothing else unknown may come in. */
  async function requireKnown(
    input: HelperProfileInput,
    communityId: string,
    stored: HelperProfile | null,
  ): Promise<void> {
    const community = await communities.get(communityId);
    const skillIds = new Set([...community.skills.map(({ id }) => id), ...storedSkillIds(stored)]);
    const kindIds = new Set([
      ...community.kindsOfHelp.map(({ id }) => id),
      ...(stored === null ? [] : stored.kindsNotDone),
    ]);
    const errors = [
      ...input.skills.flatMap(({ skillId }, at) =>
        skillIds.has(skillId) ? [] : [unknown(`/skills/${at}/skillId`)],
      ),
      ...input.kindsNotDone.flatMap((kindId, at) =>
        kindIds.has(kindId) ? [] : [unknown(`/kindsNotDone/${at}`)],
      ),
    ];
    if (errors.length > 0) throw new AppError('invalid-input', 'Some values are not known here.', { errors });
  }
}

const storedSkillIds = (stored: HelperProfile | null): string[] =>
  stored === null ? [] : stored.skills.map(({ skillId }) => skillId);

const unknown = (pointer: string): { pointer: string; code: string; detail: string } => ({
  pointer,
  code: 'unknown',
  detail: 'This is not in the list of the centre.',
});

function unverified(skills: HelperProfileInput['skills']): ProfileSkill[] {
  return skills.map(({ skillId, level }) => ({ skillId, level, verified: false }));
}

/** A skill stays verified while its level does. */
function keepVerified(skills: HelperProfileInput['skills'], before: readonly ProfileSkill[]): ProfileSkill[] {
  return skills.map(({ skillId, level }) => ({
    skillId,
    level,
    verified: before.some((one) => one.skillId === skillId && one.level === level && one.verified),
  }));
}

function decided(stored: HelperProfile, decision: HelperDecision, now: Date): Partial<HelperProfile> {
  const { approve, verifiedSkillIds } = decision;
  return {
    status: approve ? 'approved' : 'refused',
    skills: stored.skills.map((skill) => ({
      ...skill,
      verified: approve && verifiedSkillIds.includes(skill.skillId),
    })),
    // The first approval switches duty on, so that somebody who wants to help is asked.
    isOnDuty: approve && (stored.status === 'approved' ? stored.isOnDuty : true),
    updatedAt: now,
  };
}

function isSameOffer(stored: HelperProfile, input: HelperProfileInput): boolean {
  const { version: _, skills, ...offer } = input;
  const known = stored as unknown as Record<string, unknown>;
  const isSame = Object.entries(offer).every(
    ([name, value]) => JSON.stringify(known[name]) === JSON.stringify(value),
  );
  return isSame && JSON.stringify(keepVerified(skills, stored.skills)) === JSON.stringify(stored.skills);
}
