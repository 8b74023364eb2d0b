import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { NewId } from '../actor.ts';
import { AppError } from '../errors.ts';
import { readBuildings } from './buildings-input.ts';
import type { SetupInput } from './community-schemas.ts';
import type { CommunityAdministration } from './community-service.ts';
import type { Community, CommunityService } from './community-types.ts';

export interface SetupServiceDeps {
  readonly communities: CommunityService & CommunityAdministration;
  readonly newId: NewId;
  /** Makes the first administrator; checks name and passphrase by the rules of any sign-up and throws before it writes. */
  readonly administrators: {
    check(administrator: SetupInput['administrator']): void;
    create(communityId: string, administrator: SetupInput['administrator']): Promise<void>;
    /** Whether the community has one. */
    exist(communityId: string): Promise<boolean>;
  };
}

export interface SetupService {
  isDone(): Promise<boolean>;
  /** A new one-time code for the operator's screen, or null when set-up is done. Only its digest is kept. */
  issueCode(): Promise<string | null>;
  /** Throws `setup-done`, `wrong-setup-code` or `invalid-input`. The code is dead afterwards. */
  run(input: SetupInput): Promise<Community>;
}

const CODE_LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const CODE_GROUPS = 4;
const GROUP_LENGTH = 4;

/** The first start of an empty installation: one community, one administrator, one code (78 bits) in memory. */
export function createSetupService({ communities, newId, administrators }: SetupServiceDeps): SetupService {
  let codeDigest: Buffer | null = null;
  let isRunning = false;

  /** A community that a crash left without an administrator does not count: the set-up goes on with it. */
  async function isDone(): Promise<boolean> {
    const first = await communities.bySlug(null);
    return first !== null && (await administrators.exist(first.id));
  }

  async function make(input: SetupInput): Promise<Community> {
    administrators.check(input.administrator);
    const read = readBuildings(input.buildings, {
      newId,
      centrePoint: input.community.centrePoint,
      present: { buildings: [], zones: [] },
    });
    const wanted = { ...input.community, ...read, slug: input.slug, plan: null };
    const left = await communities.bySlug(null);
    const community =
      left === null
        ? await communities.create(wanted)
        : await communities.update(left.id, left.version, wanted);
    await administrators.create(community.id, input.administrator);
    return community;
  }

  return {
    isDone,
    async issueCode() {
      if (await isDone()) return null;
      const code = newCode();
      codeDigest = digestOf(code);
      return code;
    },
    async run(input) {
      if (await isDone()) {
        throw new AppError('setup-done', 'The community is set up already: sign in instead.');
      }
      if (codeDigest === null || !timingSafeEqual(digestOf(input.setupCode), codeDigest)) {
        throw new AppError('wrong-setup-code', 'Type the code that the server printed when it started.');
      }
      if (isRunning) throw new AppError('setup-done', 'Somebody else is setting it up just now.');
      isRunning = true;
      try {
        const community = await make(input);
        codeDigest = null;
        return community;
      } finally {
        isRunning = false;
      }
    },
  };
}

function newCode(): string {
  const group = (): string =>
    Array.from({ length: GROUP_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)] ?? '').join('');
  return Array.from({ length: CODE_GROUPS }, group).join('-');
}

function digestOf(code: string): Buffer {
  return createHash('sha256')
    .update(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''))
    .digest();
}
