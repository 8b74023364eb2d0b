import type { Connection } from 'mongoose';
import type { AccountService } from '../accounts/account-types.ts';
import type { Clock, NewId } from '../actor.ts';
import { assignmentRoutes } from '../assignments/assignment-routes.ts';
import { createAssignmentService } from '../assignments/assignment-service.ts';
import type { AssignmentStore } from '../assignments/assignment-store.ts';
import { createAssignmentTasks } from '../assignments/assignment-tasks.ts';
import { createAssignmentViews } from '../assignments/assignment-views.ts';
import type { CommunityService } from '../communities/community-types.ts';
import type { RelayKick } from '../domain-events.ts';
import { matchRoutes } from '../matches/match-routes.ts';
import { createMatchService } from '../matches/match-service.ts';
import type { MatchStore } from '../matches/match-store.ts';
import type { HelperLoadStore } from '../volunteers/helper-load-types.ts';
import type { HelperProfileService } from '../volunteers/helper-profile-service.ts';
import type { MatchingBridge } from '../volunteers/matching-bridge.ts';
import { createAccessLogStore } from './access-log-store.ts';
import { deskRoutes } from './desk-routes.ts';
import { createDeskService } from './desk-service.ts';
import { createHelpRequestService } from './help-request-service.ts';
import { createReadingService } from './reading-service.ts';
import { createRequestClock } from './request-clock.ts';
import { createRequestDrafts } from './request-drafts.ts';
import { createRequestFollow, type RequestFollowDeps } from './request-follow.ts';
import { createRequestMover } from './request-mover.ts';
import { createRequestReveal } from './request-reveal.ts';
import { requestRoutes } from './request-routes.ts';
import { createRequestSearch } from './request-search.ts';
import { createRequestStore } from './request-store.ts';
import { createRequestViews } from './request-views.ts';
import { createReservationSweep } from './reservation-sweep.ts';
import { createVisitVault, type VisitVaultDeps } from './visit-vault.ts';
import { createWaveService } from './wave-service.ts';

export interface ComposeRequestsInput extends VisitVaultDeps {
  readonly connection: Connection;
  readonly accounts: AccountService;
  readonly communities: CommunityService;
  readonly profiles: Pick<HelperProfileService, 'notes'>;
  readonly loads: HelperLoadStore;
  readonly bridge: MatchingBridge;
  readonly matches: MatchStore;
  readonly assignments: AssignmentStore;
  readonly relay: RelayKick;
  readonly matchClosed: RequestFollowDeps['matchClosed'];
  readonly isReachable: (accountId: string) => boolean;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly logger: { error(fields: object, message: string): void };
}

/** The life of a request, put together: a part of `compose.ts` that would crowd it. */
export function composeRequests(input: ComposeRequestsInput) {
  const { connection, accounts, communities, loads, bridge, matches, assignments, relay, clock, newId } =
    input;
  const requests = createRequestStore(connection);
  const accessLog = createAccessLogStore(connection);
  const visits = createVisitVault({ vault: input.vault });
  const follow = createRequestFollow({
    requests,
    matches,
    assignments,
    loads,
    bridge,
    matchClosed: input.matchClosed,
  });
  const mover = createRequestMover({ requests, follow, relay, communities, clock, newId });
  const waves = createWaveService({
    bridge,
    loads,
    keepRun: matches.insertRun,
    helpedBefore: assignments.helpedBefore,
    communities,
    isReachable: input.isReachable,
    clock,
    newId,
  });
  const search = createRequestSearch({ mover, waves, clock });
  const views = createRequestViews({
    accounts,
    helperNotes: input.profiles.notes,
    communities,
    bridge,
    openVisit: visits.open,
    clock,
  });
  const reveal = createRequestReveal({ accessLog, visits, mover, clock, newId });
  const drafts = createRequestDrafts({ requests, mover, visits, accounts, communities, clock, newId });
  const service = createHelpRequestService({
    requests,
    mover,
    search,
    waves,
    follow,
    relay,
    views,
    drafts,
    visits,
    accounts,
    communities,
    newId,
  });
  const reading = createReadingService({ requests, accessLog, views, clock });
  const desk = createDeskService({
    requests,
    mover,
    search,
    waves,
    bridge,
    matches,
    views,
    reveal,
    communities,
    clock,
    newId,
  });
  const assignmentViews = createAssignmentViews({ views, clock });
  const tasks = createAssignmentTasks({
    mover,
    views,
    assignmentViews,
    requests,
    loads,
    bridge,
    clock,
    newId,
  });
  const matchService = createMatchService({
    matches,
    requests,
    mover,
    search,
    tasks,
    views,
    bridge,
    actorOf: async (accountId) => await accounts.actorOf(accountId),
    clock,
    newId,
  });
  const assignmentService = createAssignmentService({
    assignments,
    requests,
    mover,
    search,
    tasks,
    views,
    assignmentViews,
    reveal,
    bridge,
    communities,
    clock,
    newId,
  });
  const requestClock = createRequestClock({ requests, mover, search, logger: input.logger });

  return {
    routes: [
      ...requestRoutes({ service, reading }),
      ...deskRoutes({ desk, reading }),
      ...matchRoutes(matchService),
      ...assignmentRoutes(assignmentService),
    ],
    source: follow.source,
    presentMatch: matchService.present,
    boardCounts: reading.boardCounts,
    authorOf: async (communityId: string, requestId: string): Promise<string | null> =>
      (await requests.read(communityId, requestId))?.authorId ?? null,
    runDueTimers: requestClock.runDueTimers,
    releaseStaleReservations: createReservationSweep({ loads, requests, bridge }),
  };
}
