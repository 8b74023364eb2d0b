import Joi from 'joi';
import type { Clock } from '../actor.ts';
import type { CommunityService } from '../communities/community-types.ts';
import { AppError } from '../errors.ts';
import { defineRoute, signedIn, type Route, type RouteInput, type SessionControl } from '../http/route.ts';
import type { SessionView } from '../shared/api-types.ts';
import type { AccountRecord } from './account-model.ts';
import { presentSession } from './account-presenter.ts';
import { codeBody, confirmBody, sessionResponse, signInBody } from './account-schemas.ts';
import type { OwnAccountService } from './own-account-service.ts';
import type { SignInService } from './sign-in-service.ts';

export interface SessionRoutesDeps {
  readonly own: Pick<OwnAccountService, 'read'>;
  readonly signIn: SignInService;
  readonly communities: Pick<CommunityService, 'bySlug'>;
  readonly clock: Clock;
  /** Greatest notification number that the person has acknowledged. */
  cursorOf(communityId: string, accountId: string): Promise<number>;
}

/** The session as its client reads it, after any of the routes that change it. */
export interface PresentSession {
  (account: AccountRecord, session: SessionControl): Promise<SessionView>;
}

export function createPresentSession({
  clock,
  cursorOf,
}: Pick<SessionRoutesDeps, 'clock' | 'cursorOf'>): PresentSession {
  return async (account, session) =>
    presentSession(account, session, {
      cursor: await cursorOf(account.communityId, account._id),
      now: clock.now(),
    });
}

/** Signs a person in on this connection and lets the browser keep its device id. */
export async function enter(
  signIn: Pick<SignInService, 'rememberDevice'>,
  account: Pick<AccountRecord, '_id' | 'communityId'>,
  factors: readonly string[],
  session: SessionControl,
): Promise<void> {
  await session.signIn(account._id, account.communityId, factors);
  session.rememberDevice(await signIn.rememberDevice(account._id, account.communityId, session.device));
}

/** Sign-in, sign-out, step-up. */
export function sessionRoutes(deps: SessionRoutesDeps): readonly Route[] {
  const { own, signIn } = deps;
  const present = createPresentSession(deps);
  const now = async (input: Pick<RouteInput, 'actor' | 'request'>): Promise<SessionView> =>
    await present(await own.read(signedIn(input)), input.request.session);

  return [
    defineRoute({
      operationId: 'createSession',
      method: 'post',
      path: '/session',
      summary: 'Sign in with a name or phone number and a passphrase.',
      status: 201,
      body: signInBody,
      response: sessionResponse.required(),
      handle: async ({ communityId, body, request }) => {
        const community = await idOf(deps.communities, communityId, body.community);
        const verified = await request.session.verify(community, body.signInName, body.passphrase);
        const account = { _id: verified.accountId, communityId: verified.communityId };
        await enter(signIn, account, verified.factors, request.session);
        return await present(await own.read(verified), request.session);
      },
    }),
    defineRoute({
      operationId: 'readSession',
      method: 'get',
      path: '/session',
      summary: 'Who is signed in here; null when nobody is.',
      status: 200,
      response: sessionResponse.allow(null).required(),
      handle: async (input) => (input.actor === null ? null : await now(input)),
    }),
    defineRoute({
      operationId: 'deleteSession',
      method: 'delete',
      path: '/session',
      summary: 'Sign out: this session and its sockets end at once.',
      status: 204,
      response: null,
      handle: async ({ request }) => {
        await request.session.signOut();
      },
    }),
    defineRoute({
      operationId: 'confirmSession',
      method: 'post',
      path: '/session/confirm',
      summary: 'Show the passphrase again; for a quarter of an hour the session counts as recent.',
      status: 200,
      limit: 'confirm',
      body: confirmBody,
      response: sessionResponse.required(),
      handle: async (input) => {
        await signIn.confirm(signedIn(input), input.body.passphrase, input.request.address);
        await input.request.session.stepUp(null);
        return await now(input);
      },
    }),
    defineRoute({
      operationId: 'enrolTotp',
      method: 'post',
      path: '/session/totp',
      summary: 'A new secret for an authenticator app, until a first code confirms it.',
      status: 200,
      limit: 'confirm',
      body: Joi.object({}),
      response: Joi.object({
        secret: Joi.string().required(),
        otpauthUri: Joi.string().required(),
      }).required(),
      handle: async (input) => await signIn.enrolTotp(signedIn(input)),
    }),
    defineRoute({
      operationId: 'verifyTotp',
      method: 'put',
      path: '/session/totp',
      summary: 'Give the six digits of the authenticator app.',
      status: 200,
      limit: 'secondFactor',
      body: codeBody,
      response: sessionResponse.required(),
      handle: async (input) => {
        await signIn.verifyTotp(signedIn(input), input.body.code, input.request.address);
        await input.request.session.stepUp('totp');
        return await now(input);
      },
    }),
  ];
}

/** An unknown slug, and a service before its set-up, must look like a wrong name. */
async function idOf(
  communities: Pick<CommunityService, 'bySlug'>,
  communityId: string,
  slug: string | undefined,
): Promise<string> {
  const id = slug === undefined ? communityId : ((await communities.bySlug(slug))?.id ?? '');
  return id === '' ? 'unknown' : id;
}

/** For sign-up, where an unknown community is simply not there. */
export async function requireCommunity(
  communities: Pick<CommunityService, 'bySlug'>,
  communityId: string,
  slug: string | undefined,
): Promise<string> {
  const id = slug === undefined ? communityId : ((await communities.bySlug(slug))?.id ?? '');
  if (id === '') throw new AppError('not-found', 'There is no such community.');
  return id;
}
