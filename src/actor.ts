import type { Language, RiskTier, Role } from './shared/vocabulary.ts';

/** Who gives a command: read anew from the account at every request, so a role change acts at once. */
export interface Actor {
  readonly accountId: string;
  readonly communityId: string;
  readonly roles: readonly Role[];
  readonly language: Language;
  readonly displayName: string;
  readonly status: 'waiting' | 'active' | 'suspended';
  readonly trustTier: RiskTier;
  readonly sessionId: string;
}

/** Given with every command by our own client; see architecture 6. */
export interface CommandKey {
  readonly key: string;
  /** SHA-256 of the canonical body. */
  readonly bodyHash: string;
}

/** The clock and the id source are passed in; nothing pure reads either. */
export interface Clock {
  now(): Date;
}
/** UUIDv7, ordered for the store. */
export type NewId = () => string;
