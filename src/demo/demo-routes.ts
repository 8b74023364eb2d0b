import Joi from 'joi';
import { sessionResponse } from '../accounts/account-schemas.ts';
import { AppError } from '../errors.ts';
import { defineRoute, type Route, type SessionControl } from '../http/route.ts';
import { idSchema, languageSchema } from '../http/view-schemas.ts';
import type { DemoView, SessionView } from '../shared/api-types.ts';
import { ROLES } from '../shared/vocabulary.ts';

export interface DemoRoutesDeps {
  view(): Promise<DemoView>;
  /** The community of a sample account; null for an id that is none. */
  communityOf(accountId: string): Promise<string | null>;
  /** A visitor has become this person. */
  played(accountId: string): void;
  isNeighbour(secret: string | undefined): boolean;
  setLoop(loop: { speed: number; paused: boolean }): void;
  presentSession(session: SessionControl, accountId: string, communityId: string): Promise<SessionView>;
}

const loopSchema = Joi.object<{ speed: number; paused: boolean }, true>({
  speed: Joi.number().min(0.25).max(20).required(),
  paused: Joi.boolean().required(),
});
const demoResponse = Joi.object({
  accounts: Joi.array()
    .items(
      Joi.object({
        key: Joi.string().valid('resident', 'elder', 'volunteer', 'staff').required(),
        accountId: idSchema,
        displayName: Joi.string().required(),
        role: Joi.string()
          .valid(...ROLES)
          .required(),
        language: languageSchema.required(),
        mode: Joi.string().valid('normal', 'elder').required(),
      }),
    )
    .required(),
  loop: loopSchema.required(),
  smsTray: Joi.array()
    .items(
      Joi.object({
        at: Joi.string().isoDate().required(),
        to: Joi.string().required(),
        text: Joi.string().required(),
      }),
    )
    .required(),
}).required();

/** These routes exist in demo mode only. */
export function demoRoutes(deps: DemoRoutesDeps): readonly Route[] {
  return [
    defineRoute({
      operationId: 'readDemo',
      method: 'get',
      path: '/demo',
      summary:
        'Whom a visitor can be, how fast the neighbourhood lives, and which texts would have been sent.',
      status: 200,
      response: demoResponse,
      handle: async () => await deps.view(),
    }),
    defineRoute({
      operationId: 'signInDemo',
      method: 'post',
      path: '/demo/session',
      summary: 'Signs in as one of the sample people, with one tap.',
      status: 200,
      body: Joi.object<{ accountId: string; neighbour?: string }>({
        accountId: idSchema,
        neighbour: Joi.string().max(100),
      }),
      response: sessionResponse,
      handle: async ({ body, request }) => {
        const communityId = await deps.communityOf(body.accountId);
        if (communityId === null) throw new AppError('not-found', 'There is no such sample person.');
        await request.session.signIn(body.accountId, communityId, ['passphrase', 'totp', 'demo']);
        if (!deps.isNeighbour(body.neighbour)) deps.played(body.accountId);
        return await deps.presentSession(request.session, body.accountId, communityId);
      },
    }),
    defineRoute({
      operationId: 'setDemoLoop',
      method: 'put',
      path: '/demo/loop',
      summary: 'How fast the sample neighbourhood lives, or that it rests.',
      status: 200,
      body: loopSchema,
      response: demoResponse,
      handle: async ({ body }) => {
        deps.setLoop(body);
        return await deps.view();
      },
    }),
  ];
}
