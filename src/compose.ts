import {
  createAccountChanges,
  createAccountOutbox,
  createAccountService,
} from './accounts/account-service.ts';
import { accountRoutes } from './accounts/account-routes.ts';
import { createAccountStore } from './accounts/account-store.ts';
import { createInvitationStore } from './accounts/invitation-store.ts';
import { createMembershipService } from './accounts/membership-service.ts';
import { myAccountRoutes } from './accounts/my-account-routes.ts';
import { createOwnAccountService } from './accounts/own-account-service.ts';
import { createPassphraseHasher } from './accounts/passphrase-hash.ts';
import { createRegistrationService } from './accounts/registration-service.ts';
import { createPresentSession, sessionRoutes } from './accounts/session-routes.ts';
import { createSignInService } from './accounts/sign-in-service.ts';
import { createSignInThrottle } from './accounts/sign-in-throttle.ts';
import type { Clock, NewId } from './actor.ts';
import { createApp } from './app.ts';
import { createAssignmentStore } from './assignments/assignment-store.ts';
import { communityRoutes } from './communities/community-routes.ts';
import { createCommunityService } from './communities/community-service.ts';
import { createCommunityStore } from './communities/community-store.ts';
import type { BoardCounts } from './communities/community-types.ts';
import { createSetupService } from './communities/setup-service.ts';
import type { Config } from './config.ts';
import { composeDemo } from './demo/compose-demo.ts';
import type { DemoClock } from './demo/demo-clock.ts';
import type { OriginRule } from './http/origin-check.ts';
import { composeRequests } from './help-requests/compose-requests.ts';
import { createRateLimits } from './http/rate-limits.ts';
import type { Route } from './http/route.ts';
import { serviceRoutes } from './http/service-routes.ts';
import { createSessionEndings } from './http/session-endings.ts';
import { createSessionHooks } from './http/session-hooks.ts';
import { createSessions } from './http/sessions.ts';
import { createJobs } from './jobs/jobs.ts';
import { serviceJobs } from './jobs/service-jobs.ts';
import type { Logger } from './logger.ts';
import { createHelperHistories } from './matches/helper-histories.ts';
import { createMatchStore } from './matches/match-store.ts';
import { smsChannel, socketChannel, staffCallListChannel } from './notifications/delivery-channels.ts';
import { createNotificationPushes } from './notifications/notification-pushes.ts';
import { notificationRoutes } from './notifications/notification-routes.ts';
import { createNotificationService } from './notifications/notification-service.ts';
import { createNotificationStore } from './notifications/notification-store.ts';
import { createNumberNotifications } from './notifications/number-notifications.ts';
import { createPushMarks } from './notifications/push-marks.ts';
import { createRecipientFacts } from './notifications/recipient-facts.ts';
import { createRelay } from './notifications/relay.ts';
import { createTextHook, createTextTray } from './notifications/text-carriers.ts';
import { createTextMessages } from './notifications/text-messages.ts';
import { createDataKeyStore } from './privacy/data-key-store.ts';
import type { Keys } from './privacy/keys.ts';
import { createVault } from './privacy/vault.ts';
import { createReachability } from './realtime/reachability.ts';
import { createRealtimeServer } from './realtime/realtime-server.ts';
import type { MatchView } from './shared/api-types.ts';
import type { Storage } from './storage/open-storage.ts';
import { createHelperLoadStore } from './volunteers/helper-load-store.ts';
import { helperProfileRoutes } from './volunteers/helper-profile-routes.ts';
import { createHelperProfileService } from './volunteers/helper-profile-service.ts';
import { createHelperProfileStore } from './volunteers/helper-profile-store.ts';
import { createMatchingBridge } from './volunteers/matching-bridge.ts';

export interface ComposeInput {
  readonly config: Config;
  readonly storage: Storage;
  readonly keys: Keys;
  readonly clock: Clock;
  /** The same clock when the process is a demo, which lives through a sample past first. */
  readonly demoClock?: DemoClock | null;
  readonly newId: NewId;
  readonly logger: Logger;
  /** The built client. */
  readonly clientDir: string;
  readonly version: string;
  /** Multiplies the limits of addresses and accounts: 1, but in the demo and in tests that are many people at once. */
  readonly limitFactor: number;
  /** Every answer is checked against its schema: on in tests. */
  readonly checkResponses: boolean;
}

/** The whole service, put together and not started. */
export type House = Awaited<ReturnType<typeof compose>>;

/**
 * The only place where services are made. Opens nothing but what `storage` holds; `House.start` begins the clock's
 * work, and whoever called listens with `House.app` and hands the server to `House.realtime`.
 */
export async function compose(input: ComposeInput) {
  const { config, storage, clock, newId, logger } = input;
  const { connection } = storage;
  const isHttps = config.tls !== null || config.publicOrigin?.startsWith('https://') === true;
  const origin: OriginRule = { publicOrigin: config.publicOrigin, anyHost: config.demo };
  const vault = createVault({ keys: input.keys, dataKeys: createDataKeyStore(connection), clock });
  const endings = createSessionEndings();
  const late: LateParts = {
    presentMatch: async () => null,
    boardCounts: async () => ({ counts: [], openCount: 0, doneThisWeek: 0 }),
    authorOf: async () => null,
    runDueTimers: async () => 0,
    releaseStaleReservations: async () => 0,
    isSimulated: () => false,
  };

  // Communities and people
  const communities = createCommunityService({ communities: createCommunityStore(connection), newId, clock });
  const accountStore = createAccountStore(connection);
  const changes = createAccountChanges(logger);
  const accounts = createAccountService({ accounts: accountStore, vault, logger, changes });
  const hasher = createPassphraseHasher();
  const signIn = createSignInService({
    accounts: accountStore,
    vault,
    hasher,
    throttle: createSignInThrottle({ connection, factor: input.limitFactor }),
    clock,
    isDemo: config.demo,
  });
  const sessions = createSessions({
    connection,
    secrets: input.keys.session,
    isSecure: isHttps,
    clock,
    accounts,
    verify: signIn.verify,
    endings,
  });

  // Telling people
  const reachability = createReachability();
  const isReachable = (accountId: string): boolean =>
    reachability.isReachable(accountId) || late.isSimulated(accountId);
  const realtime = createRealtimeServer({
    hooks: createSessionHooks({ sessions, endings, origin }),
    actorOf: accounts.actorOf,
    reachability,
    polling: config.socketPolling,
    logger,
  });
  const notificationStore = createNotificationStore({ connection });
  const marks = createPushMarks({ store: notificationStore, clock });
  const textTray = config.demo ? createTextTray({ clock }) : null;
  const carrier =
    textTray ?? (config.smsHookUrl === null ? null : createTextHook({ url: config.smsHookUrl }));
  const recipientFacts = createRecipientFacts({
    staffIds: accounts.staffIds,
    people: accounts.people,
    onChanged: accounts.onChanged,
    clock,
  });
  const relay = createRelay({
    numberNotifications: createNumberNotifications({ store: notificationStore, newId }),
    pushes: createNotificationPushes({
      publisher: realtime.publisher,
      marks,
      isReachable: reachability.isReachable,
    }),
    channels: [socketChannel, staffCallListChannel, ...(carrier === null ? [] : [smsChannel])],
    isReachable,
    staffIds: recipientFacts.staffIds,
    phoneOnly: recipientFacts.phoneOnly,
    presentMatch: async (matchId, helperId) => await late.presentMatch(matchId, helperId),
    clock,
    logger,
  });
  relay.addSource(createAccountOutbox(accountStore));
  const notifications = createNotificationService({
    store: notificationStore,
    marks,
    async names(communityId, ids) {
      const people = await accounts.people(communityId, ids);
      return new Map([...people].map(([id, { displayName }]) => [id, displayName]));
    },
    clock,
  });
  const sendWaitingTexts =
    carrier === null
      ? async () => 0
      : createTextMessages({
          store: notificationStore,
          carrier,
          async addressee(communityId, accountId) {
            const found = await accounts.personWithVisit(communityId, accountId);
            if (found === null) return null;
            const { phone } = await found.openVisit();
            return phone === '' ? null : { language: found.person.language, phone };
          },
          origin: config.publicOrigin ?? `http://${config.host}:${String(config.port)}`,
          clock,
          logger,
        });

  // Volunteers
  const profileStore = createHelperProfileStore(connection);
  const loads = createHelperLoadStore(connection);
  const matches = createMatchStore(connection);
  const assignments = createAssignmentStore(connection);
  const bridge = createMatchingBridge({
    profiles: profileStore,
    loads,
    accounts,
    communities,
    histories: createHelperHistories({ matches, assignments, clock }),
    isReachable: reachability.isReachable,
    clock,
  });
  const profiles = createHelperProfileService({
    profiles: profileStore,
    loads,
    bridge,
    accounts,
    communities,
    clock,
  });
  accounts.onChanged(({ communityId, accountId }) => {
    bridge.profileChanged(communityId, accountId).catch((error: unknown) => {
      logger.error({ err: error, accountId }, 'matching did not take a change');
    });
  });

  // The life of a request
  const requests = composeRequests({
    connection,
    vault,
    accounts,
    communities,
    profiles,
    loads,
    bridge,
    matches,
    assignments,
    relay,
    matchClosed: realtime.publisher.matchClosed,
    isReachable,
    clock,
    newId,
    logger,
  });
  relay.addSource(requests.source);
  Object.assign(late, {
    presentMatch: requests.presentMatch,
    boardCounts: requests.boardCounts,
    authorOf: requests.authorOf,
    runDueTimers: requests.runDueTimers,
    releaseStaleReservations: requests.releaseStaleReservations,
  } satisfies Partial<LateParts>);

  // Joining, the desk, one's own affairs, set-up
  const invitations = createInvitationStore(connection);
  const endSessions = endings.end;
  const registration = createRegistrationService({
    accounts: accountStore,
    invitations,
    communities,
    vault,
    hasher,
    clock,
    newId,
    relay,
    changes,
  });
  const membership = createMembershipService({
    accounts: accountStore,
    invitations,
    helpers: profiles,
    signIn,
    vault,
    clock,
    newId,
    relay,
    changes,
    endSessions,
  });
  const own = createOwnAccountService({
    accounts: accountStore,
    communities,
    vault,
    hasher,
    signIn,
    changes,
    endSessions,
  });
  const setup = createSetupService({
    communities,
    newId,
    administrators: {
      check: registration.checkAdministrator,
      async create(communityId, administrator) {
        await registration.createAdministrator(communityId, administrator);
      },
      exist: async (communityId) => (await accounts.leadIds(communityId)).length > 0,
    },
  });
  const presentSession = createPresentSession({ clock, cursorOf: notifications.cursorOf });

  const routes: Route[] = [
    ...sessionRoutes({ own, signIn, communities, clock, cursorOf: notifications.cursorOf }),
    ...accountRoutes({ registration, membership, helpers: profiles, signIn, communities, presentSession }),
    ...myAccountRoutes({ own, communities, presentSession }),
    ...communityRoutes({
      communities,
      setup,
      boardCounts: async (communityId) => await late.boardCounts(communityId),
      clock,
      newId,
      isDemo: config.demo,
    }),
    ...helperProfileRoutes(profiles),
    ...requests.routes,
    ...notificationRoutes(notifications),
    ...serviceRoutes({ allRoutes: () => routes, version: input.version, logger }),
  ];

  const demo =
    input.demoClock === undefined || input.demoClock === null
      ? null
      : composeDemo({
          clock: input.demoClock,
          newId,
          logger,
          communities,
          accounts,
          async signInNames(communityId) {
            const all = await accountStore.list(communityId, { limit: 1_000 });
            return all.flatMap(({ _id, signInName }) =>
              signInName === null ? [] : [{ accountId: _id, signInName }],
            );
          },
          registration,
          profiles,
          authorOf: async (communityId, requestId) => await late.authorOf(communityId, requestId),
          isReachable: reachability.isReachable,
          async endRests(communityId) {
            bridge.loadsChanged(await loads.endRests(communityId));
          },
          smsTray: () =>
            (textTray?.list() ?? []).map(({ at, to, text }) => ({ at: at.toISOString(), to, text })),
          async settle() {
            await relay.idle();
            await late.runDueTimers(clock.now());
            await relay.idle();
          },
          presentSession: async (session, accountId, communityId) =>
            await presentSession(await own.read({ accountId, communityId }), session),
        });
  routes.push(...(demo?.routes ?? []));
  if (demo !== null) late.isSimulated = demo.isSimulated;

  let isDraining = false;
  const app = createApp({
    routes,
    sessions,
    limits: createRateLimits({ factor: input.limitFactor }),
    origin,
    isHttps,
    trustProxy: config.trustProxy,
    clientDir: input.clientDir,
    readiness: {
      checks: {
        async store() {
          await storage.probe();
          return true;
        },
        notifications: async () => relay.lagMs() < 30_000,
      },
      isDraining: () => isDraining,
    },
    clock,
    newId,
    logger,
    communityOf: async (slug) => (await communities.bySlug(slug))?.id ?? null,
    digest: (text) => vault.digest('command', text),
    checkResponses: input.checkResponses,
  });
  const jobs = createJobs({
    jobs: serviceJobs({
      runDueTimers: async (now) => await late.runDueTimers(now),
      releaseStaleReservations: async (now) => await late.releaseStaleReservations(now),
      sweepOutboxes: relay.sweep,
      writePushMarks: marks.flush,
      sendWaitingTexts,
      recheckSessions: realtime.recheckSessions,
      removeOldNotifications: notifications.removeOld,
    }),
    clock,
    logger,
  });
  await Promise.all([storage.buildIndexes(), sessions.prepare()]);

  return {
    app,
    routes,
    realtime,
    relay,
    jobs,
    setup,
    communities,
    accounts,
    registration,
    profiles,
    vault,
    sessions,
    demo,
    /** From now on /readyz says no and every answer closes its connection. */
    drain() {
      isDraining = true;
      realtime.drain();
    },
    /** Ends what was begun, but for the store. */
    async stop() {
      await demo?.stop();
      await jobs.stop();
      await realtime.close();
      await relay.stop();
      await marks.flush();
    },
  };
}

/** What features further up give to those below; set by their own lines in `compose`. */
interface LateParts {
  presentMatch(matchId: string, helperId: string): Promise<MatchView | null>;
  boardCounts: BoardCounts;
  authorOf(communityId: string, requestId: string): Promise<string | null>;
  runDueTimers(now: Date): Promise<unknown>;
  releaseStaleReservations(now: Date): Promise<unknown>;
  /** In the demo: somebody the life loop answers for. */
  isSimulated(accountId: string): boolean;
}
