import { randomBytes } from 'node:crypto';
import type { AccountService } from '../accounts/account-types.ts';
import type { NewId } from '../actor.ts';
import type { CommunityAdministration } from '../communities/community-service.ts';
import type { Community, CommunityService } from '../communities/community-types.ts';
import type { Route, SessionControl } from '../http/route.ts';
import type { DemoView, SessionView } from '../shared/api-types.ts';
import type { DemoClock } from './demo-clock.ts';
import { demoRoutes } from './demo-routes.ts';
import { createLifeLoop, type Asker, type LifeLoop } from './life-loop.ts';
import { createNeighbour, type Neighbour } from './neighbour-client.ts';
import { buildPeople, type SamplePerson } from './people.ts';
import { createPlayedPeople } from './played-people.ts';
import { seedCommunity, seedPeople, type SeatedPerson, type SeedPeopleDeps } from './seed-people.ts';
import { seedRequests } from './seed-requests.ts';
import { createSeededRandom } from './seeded-random.ts';

export interface DemoDeps {
  readonly clock: DemoClock;
  readonly newId: NewId;
  readonly logger: {
    info(details: Record<string, unknown>, message: string): void;
    debug(details: Record<string, unknown>, message: string): void;
    error(details: Record<string, unknown>, message: string): void;
  };
  readonly communities: CommunityService & CommunityAdministration;
  readonly accounts: AccountService;
  /** All accounts of a community with their sign-in names. */
  readonly signInNames: (
    communityId: string,
  ) => Promise<readonly { readonly accountId: string; readonly signInName: string }[]>;
  readonly registration: SeedPeopleDeps['registration'];
  readonly profiles: SeedPeopleDeps['profiles'];
  readonly authorOf: (communityId: string, requestId: string) => Promise<string | null>;
  readonly isReachable: (accountId: string) => boolean;
  /** Everybody may be asked again at once. */
  readonly endRests: (communityId: string) => Promise<void>;
  readonly smsTray: () => DemoView['smsTray'];
  /** Fires every timer that is due at the clock's time and waits until nothing is left to tell. */
  readonly settle: () => Promise<void>;
  readonly presentSession: (
    session: SessionControl,
    accountId: string,
    communityId: string,
  ) => Promise<SessionView>;
}

export interface DemoAccount {
  readonly role: string;
  readonly signInName: string;
  readonly passphrase: string;
}

export interface Demo {
  readonly routes: readonly Route[];
  readonly accounts: readonly DemoAccount[];
  /** A sample person whom no visitor plays: the life loop answers for them, so nobody has to ring them. */
  isSimulated(accountId: string): boolean;
  /** Lives through the sample past when the store is empty, then lets the neighbourhood live. Needs the server to listen. */
  start(baseUrl: string, pace: { readonly speed: number; readonly paused: boolean }): Promise<void>;
  stop(): Promise<void>;
}

type Persona = NonNullable<SamplePerson['persona']>;

const SEED = 20_261_124;
const STEP_MS = 1_500;
/** Real neighbours rest an hour between offers and are asked six times a day; sample neighbours have no such time. */
const REST_MS = 120_000;
/** Made-up people, made-up passphrases: printed by the demo, worth nothing anywhere else. */
const PASSPHRASES: Record<Persona, string> = {
  resident: 'apricots on the sill',
  elder: 'bread before sunrise',
  volunteer: 'a hammer and a smile',
  staff: 'the desk by the garden',
};

export function composeDemo(deps: DemoDeps): Demo {
  const people = buildPeople(createSeededRandom(SEED));
  const secret = randomBytes(24).toString('base64url');
  const seated = new Map<string, SeatedPerson>();
  const clients = new Map<string, Neighbour>();
  const played = createPlayedPeople({ clock: deps.clock, isReachable: deps.isReachable });
  let baseUrl = '';
  let community: Community | null = null;
  let loop: LifeLoop | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stepping: Promise<void> = Promise.resolve();

  const neighbour = (accountId: string): Neighbour => {
    const client = clients.get(accountId) ?? createNeighbour({ baseUrl, secret }, accountId);
    clients.set(accountId, client);
    return client;
  };
  const seatedWhere = (isMeant: (person: SamplePerson) => boolean): SeatedPerson[] =>
    [...seated.values()].filter(({ person }) => isMeant(person));
  const personaId = (persona: Persona): string =>
    seatedWhere((person) => person.persona === persona)[0]?.accountId ?? '';
  const volunteer = people.find(({ persona }) => persona === 'volunteer');
  const askers = (): Asker[] =>
    seatedWhere(
      (person) => person.helper === null && person.roles.length === 1 && person.persona !== 'elder',
    ).map(({ accountId, person }) => ({
      accountId,
      language: person.language,
      isNear: person.buildingNumber === volunteer?.buildingNumber,
    }));
  const colleagues = (): string[] =>
    seatedWhere((person) => person.roles.includes('staff') && person.persona === null).map(
      ({ accountId }) => accountId,
    );

  async function seat(): Promise<boolean> {
    const present = await deps.communities.bySlug(null);
    if (present !== null) {
      community = present;
      const byName = new Map(people.map((person) => [person.signInName, person]));
      for (const { accountId, signInName } of await deps.signInNames(present.id)) {
        const person = byName.get(signInName);
        if (person !== undefined) seated.set(accountId, { accountId, person });
      }
      return false;
    }
    community = await seedCommunity(deps);
    const all = await seedPeople(
      { ...deps, passphraseOf: (persona) => PASSPHRASES[persona] },
      community,
      people,
    );
    for (const one of all) seated.set(one.accountId, one);
    return true;
  }

  async function livePast(): Promise<void> {
    const now = deps.clock.now();
    let standing = 0;
    try {
      const kinds = community?.kindsOfHelp ?? [];
      await seedRequests({
        now,
        random: createSeededRandom(SEED + 1),
        neighbour,
        staffIds: colleagues(),
        askers: askers(),
        kindNeedsReview: (kindId) => kinds.find(({ id }) => id === kindId)?.needsReview ?? true,
        liveUntil: async (instant) => {
          standing = Math.max(standing, instant.getTime());
          deps.clock.standAt(new Date(standing));
          await deps.settle();
        },
        report: (done, of) => {
          if (done % 20 === 0 || done === of)
            deps.logger.info({ done, of }, 'living through the sample past');
        },
      });
    } finally {
      deps.clock.letGo();
    }
  }

  function beginLife(pace: { readonly speed: number; readonly paused: boolean }): void {
    const { id: communityId } = community as Community;
    loop = createLifeLoop({
      clock: deps.clock,
      random: createSeededRandom(deps.clock.now().getTime()),
      neighbour,
      staffIds: colleagues(),
      askers: askers(),
      authorOf: async (requestId) => await deps.authorOf(communityId, requestId),
      isPlayed: played.isPlayed,
      staffPersonaId: personaId('staff'),
      volunteerPersonaId: personaId('volunteer'),
      volunteerKindIds: (volunteer?.helper?.skills ?? []).map(({ skillId }) => skillId),
      willingness: (helperId) => seated.get(helperId)?.person.helper ?? { accepts: 0.3, declines: 0.2 },
      logger: deps.logger,
    });
    loop.pace = { ...pace };
    let restedAt = 0;
    const live = async (): Promise<void> => {
      const { speed, paused } = (loop as LifeLoop).pace;
      const now = deps.clock.now().getTime();
      if (!paused && (now - restedAt) * speed >= REST_MS) {
        restedAt = now;
        await deps.endRests(communityId);
      }
      await (loop as LifeLoop).step();
    };
    const step = (): void => {
      stepping = live().catch((error: unknown) => {
        deps.logger.error({ err: error }, 'the life loop stumbled');
      });
      void stepping.then(() => {
        if (timer !== null) timer = setTimeout(step, STEP_MS / Math.max(1, (loop as LifeLoop).pace.speed));
      });
    };
    timer = setTimeout(step, STEP_MS);
  }

  const routes = demoRoutes({
    view: async () => ({
      accounts: (['resident', 'elder', 'volunteer', 'staff'] as const).flatMap((key) => {
        const one = seatedWhere((person) => person.persona === key)[0];
        if (one === undefined) return [];
        const { displayName, language, mode } = one.person;
        const role = key === 'elder' ? 'resident' : key;
        return [{ key, accountId: one.accountId, displayName, role, language, mode }];
      }),
      loop: { speed: loop?.pace.speed ?? 1, paused: loop?.pace.paused ?? true },
      smsTray: deps.smsTray(),
    }),
    communityOf: async (accountId) => (seated.has(accountId) && community !== null ? community.id : null),
    played: played.sawVisitor,
    isNeighbour: (given) => given === secret,
    setLoop: (pace) => {
      if (loop !== null) loop.pace = { ...pace };
    },
    presentSession: deps.presentSession,
  });

  return {
    routes,
    accounts: people.flatMap(({ persona, signInName }) =>
      persona === null ? [] : [{ role: persona, signInName, passphrase: PASSPHRASES[persona] }],
    ),
    isSimulated: (accountId) => seated.has(accountId) && !played.isPlayed(accountId),
    async start(url, pace) {
      baseUrl = url;
      if (await seat()) await livePast();
      beginLife(pace);
    },
    async stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await stepping;
    },
  };
}
