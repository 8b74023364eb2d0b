import type { Clock, NewId } from '../actor.ts';
import { defineRoute, signedIn, type Route } from '../http/route.ts';
import { readBuildings } from './buildings-input.ts';
import { presentCommunity, presentSettings } from './community-presenter.ts';
import {
  buildingsBody,
  communityResponse,
  communityUpdateBody,
  settingsResponse,
  setupBody,
  setupResponse,
} from './community-schemas.ts';
import type { CommunityAdministration } from './community-service.ts';
import type { BoardCounts, Community, CommunityService } from './community-types.ts';
import { DEFAULT_KINDS, DEFAULT_SKILLS } from './default-kinds.ts';
import type { SetupService } from './setup-service.ts';

export interface CommunityRoutesDeps {
  readonly communities: CommunityService & CommunityAdministration;
  readonly setup: SetupService;
  readonly boardCounts: BoardCounts;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly isDemo: boolean;
}

export function communityRoutes({
  communities,
  setup,
  boardCounts,
  clock,
  newId,
  isDemo,
}: CommunityRoutesDeps): readonly Route[] {
  const present = async (community: Community) =>
    presentCommunity(community, await boardCounts(community.id), { now: clock.now(), isDemo });

  return [
    defineRoute({
      operationId: 'readCommunity',
      method: 'get',
      path: '/community',
      summary: 'The community: names, hours, phone, kinds of help, buildings, and how much is asked for now.',
      status: 200,
      response: communityResponse,
      handle: async ({ communityId }) => await present(await communities.get(communityId)),
    }),
    defineRoute({
      operationId: 'readCommunitySettings',
      method: 'get',
      path: '/community/settings',
      summary:
        'What an administrator edits: the settings with their version, and the buildings with households.',
      status: 200,
      response: settingsResponse,
      handle: async ({ actor }) => presentSettings(await communities.get(signedIn({ actor }).communityId)),
    }),
    defineRoute({
      operationId: 'updateCommunity',
      method: 'put',
      path: '/community',
      summary: 'Changes what the centre says about itself.',
      status: 200,
      body: communityUpdateBody,
      response: communityResponse,
      handle: async ({ actor, body: { version, ...settings } }) =>
        await present(await communities.update(signedIn({ actor }).communityId, version, settings)),
    }),
    defineRoute({
      operationId: 'replaceBuildings',
      method: 'put',
      path: '/community/buildings',
      summary: 'Replaces the list of buildings; public places already given stay where they are.',
      status: 200,
      body: buildingsBody,
      response: communityResponse,
      handle: async ({ actor, body }) => {
        const community = await communities.get(signedIn({ actor }).communityId);
        const read = readBuildings(body.buildings, {
          newId,
          centrePoint: community.centrePoint,
          present: community,
        });
        return await present(await communities.update(community.id, body.version, read));
      },
    }),
    defineRoute({
      operationId: 'readSetup',
      method: 'get',
      path: '/setup',
      summary: 'Whether the community exists yet, and what the set-up page starts with.',
      status: 200,
      response: setupResponse,
      handle: async () => ({
        isDone: await setup.isDone(),
        defaults: { kindsOfHelp: DEFAULT_KINDS, skills: DEFAULT_SKILLS },
      }),
    }),
    defineRoute({
      operationId: 'runSetup',
      method: 'post',
      path: '/setup',
      summary:
        'Makes the community and its first administrator, once, with the code that the server printed.',
      status: 201,
      body: setupBody,
      response: communityResponse,
      limit: 'setup',
      handle: async ({ body }) => await present(await setup.run(body)),
    }),
  ];
}
