import type { Actor } from '../actor.ts';
import type { AccountService, HelperDesk } from '../accounts/account-types.ts';
import type { SampleAccount } from '../accounts/registration-service.ts';
import type { CommunityAdministration } from '../communities/community-service.ts';
import type { Community } from '../communities/community-types.ts';
import { DEFAULT_KINDS, DEFAULT_SKILLS } from '../communities/default-kinds.ts';
import type { HelperProfileService } from '../volunteers/helper-profile-service.ts';
import { buildEstate } from './estate.ts';
import type { SampleHelper, SamplePerson } from './people.ts';

export interface SeedPeopleDeps {
  readonly communities: CommunityAdministration;
  readonly accounts: Pick<AccountService, 'actorOf'>;
  readonly registration: {
    registerSample(communityId: string, account: SampleAccount): Promise<{ readonly _id: string }>;
  };
  readonly profiles: Pick<HelperProfileService, 'save' | 'setDuty'> & HelperDesk;
  readonly newId: () => string;
  readonly passphraseOf: (persona: NonNullable<SamplePerson['persona']>) => string;
}

/** A sample person with the account that was made. */
export interface SeatedPerson {
  readonly accountId: string;
  readonly person: SamplePerson;
}

const DAY = 24 * 60;

/** Apricot Court as a community. */
export async function seedCommunity(deps: Pick<SeedPeopleDeps, 'communities' | 'newId'>): Promise<Community> {
  const estate = buildEstate();
  const zones = estate.zones.map(({ number, name }) => ({ number, zone: { id: deps.newId(), name } }));
  return await deps.communities.create({
    slug: 'apricot-court',
    name: { 'zh-CN': '杏园社区', ug: 'ئۆرۈكزار مەھەللىسى', en: 'Apricot Court' },
    languages: ['zh-CN', 'ug', 'en'],
    timeZone: 'Asia/Shanghai',
    secondTimeZone: 'Asia/Urumqi',
    openingHours: [0, 1, 2, 3, 4, 5, 6].map((day) => ({
      day,
      from: 10 * 60,
      to: day < 5 ? 20 * 60 : 16 * 60,
    })),
    holidays: ['2027-01-01', '2027-02-06', '2027-02-07', '2027-02-08'],
    centrePhone: '0903-000 0126',
    emergencyNumbers: [
      { number: '120', name: { 'zh-CN': '急救', ug: 'جىددىي قۇتقۇزۇش', en: 'Ambulance' } },
      { number: '110', name: { 'zh-CN': '报警', ug: 'ساقچى', en: 'Police' } },
      { number: '119', name: { 'zh-CN': '火警', ug: 'ئوت ئۆچۈرۈش', en: 'Fire' } },
    ],
    centrePoint: estate.centrePoint,
    kindsOfHelp: DEFAULT_KINDS,
    skills: DEFAULT_SKILLS,
    zones: zones.map(({ zone }) => zone),
    buildings: estate.buildings.map((building) => ({
      id: deps.newId(),
      name: building.name,
      footprint: building.footprint,
      point: building.point,
      zoneId: zones.find(({ number }) => number === building.zoneNumber)?.zone.id ?? null,
      households: building.households,
    })),
    plan: estate.plan,
  });
}

/** Accounts first, then what each volunteer offers, approved by a member of staff. */
export async function seedPeople(
  deps: SeedPeopleDeps,
  community: Community,
  people: readonly SamplePerson[],
): Promise<SeatedPerson[]> {
  const seated: SeatedPerson[] = [];
  for (const person of people) {
    const building = community.buildings[person.buildingNumber - 1];
    const account = await deps.registration.registerSample(community.id, {
      displayName: person.displayName,
      signInName: person.signInName,
      passphrase: person.persona === null ? null : deps.passphraseOf(person.persona),
      phone: person.phone,
      door: person.door,
      language: person.language,
      mode: person.mode,
      buildingId: building?.id ?? null,
      roles: person.roles.filter((role) => role !== 'volunteer'),
    });
    seated.push({ accountId: account._id, person });
  }
  await seedHelpers(deps, seated);
  return seated;
}

async function seedHelpers(deps: SeedPeopleDeps, seated: readonly SeatedPerson[]): Promise<void> {
  const director = seated.find(({ person }) => person.roles.includes('administrator'));
  const staff = director === undefined ? null : await deps.accounts.actorOf(director.accountId);
  if (staff === null) throw new Error('the sample neighbourhood has no administrator');
  for (const { accountId, person } of seated) {
    const { helper } = person;
    const actor = helper === null ? null : await deps.accounts.actorOf(accountId);
    if (helper === null || actor === null) continue;
    await seedHelper(deps, { ...staff, roles: ['resident', 'staff', 'administrator'] }, actor, helper);
  }
}

async function seedHelper(
  deps: SeedPeopleDeps,
  staff: Actor,
  actor: Actor,
  helper: SampleHelper,
): Promise<void> {
  const isAlwaysFree = helper.weekly.some(({ from, to }) => from === 0 && to === DAY);
  await deps.profiles.save(actor, {
    skills: helper.skills.map(({ skillId, level }) => ({ skillId, level })),
    weekly: helper.weekly.map((span) => ({ ...span })),
    radiusMetres: helper.radiusMetres,
    maxTasks: helper.maxTasks,
    maxOffersPerDay: 6,
    languages: [...helper.languages],
    quietHours: isAlwaysFree ? null : { from: 23 * 60, to: 8 * 60 },
    breaksQuietHoursForCritical: false,
    kindsNotDone: [],
    gender: helper.gender,
    automaticRanking: true,
    version: 0,
  });
  const verifiedSkillIds = helper.skills.filter(({ verified }) => verified).map(({ skillId }) => skillId);
  await deps.profiles.decide(staff, actor.accountId, {
    approve: true,
    trustTier: helper.trustTier,
    verifiedSkillIds,
  });
  const volunteer = await deps.accounts.actorOf(actor.accountId);
  if (volunteer !== null && helper.isOnDuty) await deps.profiles.setDuty(volunteer, true);
}
