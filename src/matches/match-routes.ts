import Joi from 'joi';
import { emptyBody, volunteerBody } from '../help-requests/request-schemas.ts';
import { assignmentSchema, matchSchema } from '../help-requests/request-view-schemas.ts';
import { defineRoute, signedIn, type Route } from '../http/route.ts';
import { idParams, pageQuery, pageSchema } from '../http/view-schemas.ts';
import type { MatchService } from './match-service.ts';

const listQuery = Joi.object<{ open?: boolean; cursor?: string; limit: number }>({
  open: Joi.boolean(),
  ...pageQuery,
});

/** Offers as the asked helper meets them. */
export function matchRoutes(service: MatchService): Route[] {
  return [
    defineRoute({
      operationId: 'listMyMatches',
      method: 'get',
      path: '/matches',
      summary: 'What was offered to me, newest first; `open` leaves only what I can still answer.',
      status: 200,
      query: listQuery,
      response: pageSchema(matchSchema),
      async handle(input) {
        const { open, ...page } = input.query;
        return await service.list(signedIn(input), { ...page, open: open === true });
      },
    }),
    defineRoute({
      operationId: 'readMatch',
      method: 'get',
      path: '/matches/:id',
      summary: 'One offer made to me.',
      status: 200,
      params: idParams,
      response: matchSchema,
      handle: async (input) => await service.read(signedIn(input), input.params.id),
    }),
    defineRoute({
      operationId: 'markMatchSeen',
      method: 'post',
      path: '/matches/:id/seen',
      summary: 'The offer was on my screen.',
      status: 200,
      params: idParams,
      body: emptyBody,
      response: matchSchema,
      handle: async (input) => await service.markSeen(signedIn(input), input.params.id),
    }),
    defineRoute({
      operationId: 'acceptMatch',
      method: 'post',
      path: '/matches/:id/accept',
      summary: 'I will come. `startsAt` inside one of the times asked for; by default the proposed start.',
      status: 200,
      params: idParams,
      body: volunteerBody,
      response: assignmentSchema,
      limit: 'claim',
      async handle(input) {
        const { startsAt } = input.body;
        const start = startsAt === undefined || startsAt === null ? null : new Date(startsAt);
        return await service.accept(signedIn(input), input.params.id, start, input.commandKey);
      },
    }),
    defineRoute({
      operationId: 'declineMatch',
      method: 'post',
      path: '/matches/:id/decline',
      summary: 'Not this time. It costs nothing.',
      status: 200,
      params: idParams,
      body: emptyBody,
      response: matchSchema,
      handle: async (input) => await service.decline(signedIn(input), input.params.id, input.commandKey),
    }),
  ];
}
