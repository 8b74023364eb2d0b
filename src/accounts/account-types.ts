import type { Actor } from '../actor.ts';
import type { VisitDetails } from '../shared/api-types.ts';
import type { AccountStatus, Language, RiskTier, Role } from '../shared/vocabulary.ts';

/** What other features may know of a person. Nothing private, nothing of the sign-in. */
export interface Person {
  readonly id: string;
  readonly communityId: string;
  readonly displayName: string;
  readonly language: Language;
  readonly mode: 'normal' | 'elder';
  readonly roles: readonly Role[];
  readonly status: AccountStatus;
  readonly trustTier: RiskTier;
  readonly publicPlaceId: string;
  readonly buildingId: string | null;
  /** The same for all who live behind one door; null when no door is known. Tells nothing about the door. */
  readonly householdId: string | null;
  readonly createdAt: Date;
  /** A resident without a sign-in: staff call this person. */
  readonly hasPhoneOnly: boolean;
}

/** Told after the write, in this process: caches and indexes that hold the person read it again. */
export interface AccountChange {
  readonly communityId: string;
  readonly accountId: string;
  readonly change: 'created' | 'status' | 'roles' | 'place' | 'trust' | 'profile';
}

/** The accounts as other features see them. Reads are by id and never tell whether a foreign id exists. */
export interface AccountService {
  /** The person behind a session, read anew; null when there is none or the sign-up was refused. */
  actorOf(accountId: string, sessionId?: string): Promise<Actor | null>;
  /** The actor a service needs when the clock or a simulated neighbour acts; null as above. */
  person(communityId: string, accountId: string): Promise<Person | null>;
  /** Those of `ids` that exist in the community, by id. One read; at most 1,000 ids. */
  people(communityId: string, ids: readonly string[]): Promise<Map<string, Person>>;
  /** Active staff and administrators, in the order of their ids. */
  staffIds(communityId: string): Promise<string[]>;
  /** Active administrators: "the lead" of lifecycle deadlines. */
  leadIds(communityId: string): Promise<string[]>;
  /** Saved door, phone and contact name in clear, for the owner's own request; missing ones are ''. `notes` is ''. */
  readVisit(accountId: string): Promise<VisitDetails>;
  /** The same as `person` and `readVisit` with one read; the visit is opened only when it is asked for. */
  personWithVisit(
    communityId: string,
    accountId: string,
  ): Promise<{ person: Person; openVisit(): Promise<VisitDetails> } | null>;
  trustTier(accountId: string): Promise<RiskTier>;
  /** Sets the trust tier; the helper desk of `volunteers` calls it when it approves. */
  setTrustTier(communityId: string, accountId: string, tier: RiskTier): Promise<void>;
  /** Gives or takes the role `volunteer`; the helper desk calls it with its decision. Idempotent. */
  setVolunteer(communityId: string, accountId: string, isVolunteer: boolean): Promise<void>;
  /** Returns the function that ends the subscription. A listener that throws is logged and harms nobody. */
  onChanged(listener: (change: AccountChange) => void): () => void;
}

/** What the list of people needs to know about helpers; implemented by `volunteers`, handed over in compose. */
export interface HelperDesk {
  /** Profile state of each account that has a profile. */
  summaries(communityId: string, accountIds: readonly string[]): Promise<ReadonlyMap<string, HelperSummary>>;
  /** Accounts whose profile waits for the centre, oldest first, at most 1,000. */
  waitingIds(communityId: string): Promise<readonly string[]>;
  /**
   * The centre's decision about a waiting or approved profile: which skills it has checked, or that it refuses.
   * Called after the account itself was approved; a person without a profile is left alone. Idempotent.
   */
  decide(actor: Actor, accountId: string, decision: HelperDecision): Promise<void>;
}

export interface HelperSummary {
  readonly status: 'none' | 'waiting' | 'approved' | 'refused';
  readonly skills: readonly {
    readonly skillId: string;
    readonly level: 1 | 2 | 3;
    readonly verified: boolean;
  }[];
}

export interface HelperDecision {
  readonly approve: boolean;
  readonly trustTier: RiskTier;
  readonly verifiedSkillIds: readonly string[];
}
