import type { Clock } from '../actor.ts';

/** Another process may have changed an account without telling this one: nothing here is older than this. */
const MAX_AGE_MS = 10_000;

export interface RecipientFactsDeps {
  readonly staffIds: (communityId: string) => Promise<readonly string[]>;
  readonly people: (
    communityId: string,
    accountIds: readonly string[],
  ) => Promise<ReadonlyMap<string, { readonly hasPhoneOnly: boolean }>>;
  /** Told of every change of an account in this process. */
  readonly onChanged: (listener: (change: { readonly communityId: string }) => void) => void;
  readonly clock: Clock;
}

interface CommunityFacts {
  readonly readAt: number;
  staffIds: Promise<readonly string[]> | undefined;
  readonly phoneOnly: Map<string, boolean>;
}

/**
 * What the relay asks about people again and again, remembered for at most ten seconds and forgotten as soon as an
 * account of the community changes. A read that fails is not remembered.
 */
export function createRecipientFacts(deps: RecipientFactsDeps) {
  const known = new Map<string, CommunityFacts>();
  deps.onChanged(({ communityId }) => known.delete(communityId));

  function factsOf(communityId: string): CommunityFacts {
    const now = deps.clock.now().getTime();
    const present = known.get(communityId);
    if (present !== undefined && now - present.readAt < MAX_AGE_MS) return present;
    const fresh: CommunityFacts = { readAt: now, staffIds: undefined, phoneOnly: new Map() };
    known.set(communityId, fresh);
    return fresh;
  }

  return {
    staffIds: (communityId: string): Promise<readonly string[]> => {
      const facts = factsOf(communityId);
      if (facts.staffIds !== undefined) return facts.staffIds;
      const reading = deps.staffIds(communityId);
      facts.staffIds = reading;
      reading.catch(() => (facts.staffIds = undefined));
      return reading;
    },

    /** Those of the given people who have no phone of their own. */
    phoneOnly: async (communityId: string, accountIds: readonly string[]): Promise<ReadonlySet<string>> => {
      const { phoneOnly } = factsOf(communityId);
      const unknown = accountIds.filter((id) => !phoneOnly.has(id));
      if (unknown.length > 0) {
        const people = await deps.people(communityId, unknown);
        for (const id of unknown) phoneOnly.set(id, people.get(id)?.hasPhoneOnly === true);
      }
      return new Set(accountIds.filter((id) => phoneOnly.get(id) === true));
    },
  };
}
