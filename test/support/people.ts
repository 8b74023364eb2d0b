import { expect } from 'chai';
import { generate } from 'otplib';
import type { Community } from '../../src/communities/community-types.ts';
import type { House } from '../../src/compose.ts';
import type { HelperProfileView, SessionView } from '../../src/shared/api-types.ts';
import type { Language, RiskTier } from '../../src/shared/vocabulary.ts';
import type { PersonClient } from './person-client.ts';
import { sampleCommunity } from './sample-community.ts';
import type { TestClock } from './test-clock.ts';

/** A signed-in person of a test. */
export interface TestPerson extends PersonClient {
  readonly accountId: string;
  readonly signInName: string;
  readonly passphrase: string;
  readonly phone: string;
  readonly door: string;
  /** For staff: the secret of the authenticator app. */
  readonly totpSecret: string | null;
}

export interface ResidentOptions {
  readonly displayName?: string;
  readonly language?: Language;
  readonly mode?: 'normal' | 'elder';
  /** Number of the building, 1 to 6; building 1 by default. */
  readonly building?: number;
  readonly door?: string;
  readonly phone?: string;
  /** Left waiting for the centre. */
  readonly waiting?: boolean;
}

export interface VolunteerOptions extends ResidentOptions {
  readonly skills?: readonly string[];
  readonly verified?: boolean;
  readonly trustTier?: RiskTier;
  readonly onDuty?: boolean;
  readonly profile?: Partial<HelperProfileView>;
}

/** A community of a test and those who live there. */
export interface TestCommunity {
  readonly community: Community;
  /** Signed in with both factors. */
  readonly administrator: TestPerson;
  staff(options?: ResidentOptions): Promise<TestPerson>;
  resident(options?: ResidentOptions): Promise<TestPerson>;
  volunteer(options?: VolunteerOptions): Promise<TestPerson>;
  /** Somebody who has not signed in. */
  stranger(): PersonClient;
}

export interface PeopleDeps {
  readonly house: Pick<House, 'communities' | 'registration'>;
  readonly clock: TestClock;
  readonly newId: () => string;
  newClient(): PersonClient;
}

export const PASSPHRASE = 'seven green doors by the old canal';

const WHOLE_WEEK = [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, from: 0, to: 1_440 }));
let count = 0;

/** A fresh community with its administrator; everybody else comes in through the API. */
export async function givenCommunity(deps: PeopleDeps): Promise<TestCommunity> {
  count += 1;
  const community = await deps.house.communities.create(
    sampleCommunity(`court-${String(count)}`, deps.newId),
  );
  const boss = {
    displayName: 'The director',
    signInName: 'director',
    passphrase: PASSPHRASE,
    language: 'en' as const,
  };
  await deps.house.registration.createAdministrator(community.id, boss);
  const administrator = await signInStaff(deps, community, 'director');

  async function resident(options: ResidentOptions = {}): Promise<TestPerson> {
    const person = await register(deps, community, options);
    if (options.waiting !== true)
      await ok(administrator.post(`/accounts/${person.accountId}/approve`, {}), 200);
    return person;
  }

  return {
    community,
    administrator,
    resident,
    async staff(options = {}) {
      const person = await resident(options);
      await ok(
        administrator.put(`/accounts/${person.accountId}/roles`, { roles: ['resident', 'staff'] }),
        200,
      );
      return { ...person, ...(await signInStaff(deps, community, person.signInName)) };
    },
    async volunteer(options = {}) {
      const person = await resident(options);
      await becomeVolunteer(administrator, person, options);
      return person;
    },
    stranger: () => deps.newClient(),
  };
}

async function register(
  deps: PeopleDeps,
  community: Community,
  options: ResidentOptions,
): Promise<TestPerson> {
  count += 1;
  const client = deps.newClient();
  const signInName = `person-${String(count)}`;
  const phone = options.phone ?? `139${String(10_000_000 + count)}`;
  const door = options.door ?? `door-${String(count)}`;
  const answer = await ok(
    client.post(`/accounts?community=${community.slug}`, {
      displayName: options.displayName ?? `Person ${String(count)}`,
      signInName,
      phone,
      door,
      passphrase: PASSPHRASE,
      language: options.language ?? 'en',
      mode: options.mode ?? 'normal',
      buildingId: community.buildings[(options.building ?? 1) - 1]?.id ?? null,
    }),
    201,
  );
  const { account } = answer.body as SessionView;
  return {
    ...client,
    accountId: account.id,
    signInName,
    passphrase: PASSPHRASE,
    phone,
    door,
    totpSecret: null,
  };
}

/** Signs in with passphrase and, for staff, enrols the second factor. */
async function signInStaff(deps: PeopleDeps, community: Community, signInName: string): Promise<TestPerson> {
  const client = deps.newClient();
  const first = await ok(
    client.post('/session', { signInName, passphrase: PASSPHRASE, community: community.slug }),
    201,
  );
  const { secret } = (await ok(client.post('/session/totp'), 200)).body as { secret: string };
  await ok(client.put('/session/totp', { code: await codeAt(secret, deps.clock.now()) }), 200);
  const { account } = first.body as SessionView;
  return {
    ...client,
    accountId: account.id,
    signInName,
    passphrase: PASSPHRASE,
    phone: '',
    door: '',
    totpSecret: secret,
  };
}

/** The six digits that an authenticator app shows at this moment. */
export async function codeAt(secret: string, at: Date): Promise<string> {
  return await generate({ secret, epoch: Math.floor(at.getTime() / 1_000) });
}

async function becomeVolunteer(
  staff: PersonClient,
  person: TestPerson,
  options: VolunteerOptions,
): Promise<void> {
  const skills = options.skills ?? ['shopping', 'carrying'];
  await ok(
    person.put('/me/helper-profile', {
      skills: skills.map((skillId) => ({ skillId, level: 2 })),
      weekly: WHOLE_WEEK,
      radiusMetres: 5_000,
      maxTasks: 3,
      maxOffersPerDay: 6,
      languages: ['zh-CN', 'ug', 'en'],
      quietHours: null,
      breaksQuietHoursForCritical: false,
      kindsNotDone: [],
      gender: null,
      automaticRanking: true,
      ...options.profile,
      version: 0,
    }),
    200,
  );
  const decision = {
    volunteer: true,
    trustTier: options.trustTier ?? 1,
    verifiedSkillIds: options.verified === false ? [] : skills,
  };
  await ok(staff.post(`/accounts/${person.accountId}/approve`, decision), 200);
  await ok(person.put('/me/duty', { onDuty: options.onDuty ?? true }), 200);
}

/** The answer, or a failure that shows what the service said instead. */
export async function ok<T extends { status: number; text: string }>(
  answer: PromiseLike<T>,
  status: number,
): Promise<T> {
  const response = await answer;
  expect(response.status, response.text).to.equal(status);
  return response;
}
