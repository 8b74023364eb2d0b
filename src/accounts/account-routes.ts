import { randomInt } from 'node:crypto';
import Joi from 'joi';
import type { CommunityService } from '../communities/community-types.ts';
import { AppError } from '../errors.ts';
import { defineRoute, signedIn, type Route, type RouteInput } from '../http/route.ts';
import { idParams, instantSchema } from '../http/view-schemas.ts';
import type { AccountListItem, PublicPlaceView } from '../shared/api-types.ts';
import type { AccountRecord } from './account-model.ts';
import { presentListItem } from './account-presenter.ts';
import {
  accountsQuery,
  accountsResponse,
  approveBody,
  isPhoneOnly,
  listItemResponse,
  noteBody,
  registerBody,
  registerResponse,
  rolesBody,
  suggestionQuery,
  type RegisterInput,
} from './account-schemas.ts';
import type { HelperDesk } from './account-types.ts';
import type { MembershipService } from './membership-service.ts';
import { generatePassphrase, type Script } from './passphrase-generator.ts';
import type { RegistrationService } from './registration-service.ts';
import { enter, requireCommunity, type PresentSession } from './session-routes.ts';
import type { SignInService } from './sign-in-service.ts';

export interface AccountRoutesDeps {
  readonly registration: RegistrationService;
  readonly membership: MembershipService;
  readonly helpers: Pick<HelperDesk, 'summaries'>;
  readonly signIn: Pick<SignInService, 'rememberDevice'>;
  readonly communities: Pick<CommunityService, 'publicPlaces' | 'bySlug'>;
  readonly presentSession: PresentSession;
}

type Item = AccountListItem;

/** Sign-up, and what staff decide about people. */
export function accountRoutes(deps: AccountRoutesDeps): readonly Route[] {
  const { registration, membership, helpers, communities } = deps;

  async function presentMany(communityId: string, accounts: readonly AccountRecord[]): Promise<Item[]> {
    const [places, profiles] = await Promise.all([
      communities.publicPlaces(
        communityId,
        accounts.map(({ publicPlaceId }) => publicPlaceId),
      ),
      helpers.summaries(
        communityId,
        accounts.map(({ _id }) => _id),
      ),
    ]);
    return accounts.map((account) =>
      presentListItem(account, placeOf(places, account), profiles.get(account._id)),
    );
  }

  async function presentOne(account: AccountRecord): Promise<Item> {
    const [item] = await presentMany(account.communityId, [account]);
    if (item === undefined) throw new TypeError('one account gives one row');
    return item;
  }

  async function register(
    input: RouteInput<Record<string, string>, Record<string, unknown>, RegisterInput>,
  ): Promise<unknown> {
    const { phoneOnly, community, ...rest } = input.body;
    if (phoneOnly === true && isPhoneOnly(input.body)) {
      const actor = input.actor;
      if (actor?.roles.includes('staff') !== true) {
        throw new AppError('not-allowed', 'Only staff write down people without a sign-in.');
      }
      return await presentOne(await registration.registerPhoneOnly(actor, input.body, input.commandKey));
    }
    const communityId = await requireCommunity(communities, input.communityId, community);
    const account = await registration.register(communityId, rest, input.commandKey);
    await enter(deps.signIn, account, ['passphrase'], input.request.session);
    return await deps.presentSession(account, input.request.session);
  }

  return [
    defineRoute({
      operationId: 'registerAccount',
      method: 'post',
      path: '/accounts',
      summary:
        'Sign up: active with an invitation, else waiting for the centre. Staff: write down a person without a sign-in.',
      status: 201,
      limit: 'register',
      body: registerBody,
      response: registerResponse,
      handle: register,
    }),
    defineRoute({
      operationId: 'suggestPassphrase',
      method: 'get',
      path: '/passphrase-suggestion',
      summary: 'A passphrase of words in the reader’s language.',
      status: 200,
      limit: 'suggest',
      query: suggestionQuery,
      response: Joi.object({ passphrase: Joi.string().required() }).required(),
      handle: async ({ query, language }) => ({
        passphrase: generatePassphrase(query.language ?? language, query.script as Script, (below) =>
          randomInt(below),
        ),
      }),
    }),
    ...deskRoutes(membership, presentMany, presentOne),
  ];
}

function deskRoutes(
  membership: MembershipService,
  presentMany: (communityId: string, accounts: readonly AccountRecord[]) => Promise<Item[]>,
  presentOne: (account: AccountRecord) => Promise<Item>,
): readonly Route[] {
  return [
    defineRoute({
      operationId: 'listAccounts',
      method: 'get',
      path: '/accounts',
      summary: 'The people of the community, oldest first.',
      status: 200,
      query: accountsQuery,
      response: accountsResponse,
      handle: async (input) => {
        const actor = signedIn(input);
        const page = await membership.list(actor, input.query);
        return { items: await presentMany(actor.communityId, page.accounts), nextCursor: page.nextCursor };
      },
    }),
    defineRoute({
      operationId: 'approveAccount',
      method: 'post',
      path: '/accounts/:id/approve',
      summary: 'Let a person in, and decide about the helper profile.',
      status: 200,
      params: idParams,
      body: approveBody,
      response: listItemResponse,
      handle: async (input) =>
        await presentOne(
          await membership.approve(signedIn(input), input.params.id, input.body, input.commandKey),
        ),
    }),
    ...(['refuse', 'suspend', 'restore'] as const).map((move) =>
      defineRoute({
        operationId: `${move}Account`,
        method: 'post',
        path: `/accounts/:id/${move}`,
        summary: SUMMARIES[move],
        status: 200,
        params: idParams,
        body: noteBody,
        response: listItemResponse,
        handle: async (input) =>
          await presentOne(
            await membership[move](
              signedIn(input),
              input.params.id,
              (input.body.note ?? '').trim(),
              input.commandKey,
            ),
          ),
      }),
    ),
    defineRoute({
      operationId: 'changeRoles',
      method: 'put',
      path: '/accounts/:id/roles',
      summary: 'Say what a person may do; their sessions end.',
      status: 200,
      params: idParams,
      body: rolesBody,
      response: listItemResponse,
      handle: async (input) =>
        await presentOne(
          await membership.changeRoles(signedIn(input), input.params.id, input.body.roles, input.commandKey),
        ),
    }),
    defineRoute({
      operationId: 'createInvitation',
      method: 'post',
      path: '/invitations',
      summary: 'A code that lets one person in within seven days. It is shown once.',
      status: 201,
      limit: 'invite',
      body: Joi.object({}),
      response: Joi.object({ code: Joi.string().required(), expiresAt: instantSchema }).required(),
      handle: async (input) => {
        const { code, expiresAt } = await membership.invite(signedIn(input), input.commandKey);
        return { code, expiresAt: expiresAt.toISOString() };
      },
    }),
  ];
}

const SUMMARIES = {
  refuse: 'Refuse a sign-up.',
  suspend: 'Suspend a person; their sessions end at once.',
  restore: 'Take a suspension or refusal back, or lift the block on wrong sign-ins.',
} as const;

function placeOf(places: ReadonlyMap<string, PublicPlaceView>, account: AccountRecord): PublicPlaceView {
  const place = places.get(account.publicPlaceId);
  if (place === undefined) throw new TypeError(`the public place of account ${account._id} is gone`);
  return place;
}
