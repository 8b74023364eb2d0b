import Joi from 'joi';
import { emptyBody, noteBody, volunteerBody } from '../help-requests/request-schemas.ts';
import { assignmentSchema, helpRequestSchema, visitSchema } from '../help-requests/request-view-schemas.ts';
import { defineRoute, signedIn, type Route } from '../http/route.ts';
import { idParams, pageQuery, pageSchema } from '../http/view-schemas.ts';
import type { AssignmentService } from './assignment-service.ts';

const listQuery = Joi.object<{ active?: boolean; cursor?: string; limit: number }>({
  active: Joi.boolean(),
  ...pageQuery,
});

/** What a helper has promised, and what becomes of it. */
export function assignmentRoutes(service: AssignmentService): Route[] {
  return [
    defineRoute({
      operationId: 'volunteerForHelpRequest',
      method: 'post',
      path: '/help-requests/:id/volunteer',
      summary: 'I can help: takes a free place straight from the board.',
      status: 200,
      params: idParams,
      body: volunteerBody,
      response: assignmentSchema,
      limit: 'claim',
      async handle(input) {
        const { startsAt } = input.body;
        const start = startsAt === undefined || startsAt === null ? null : new Date(startsAt);
        return await service.volunteer(signedIn(input), input.params.id, start, input.commandKey);
      },
    }),
    defineRoute({
      operationId: 'listMyAssignments',
      method: 'get',
      path: '/assignments',
      summary: 'My tasks, newest first; `active` leaves only those to come and under way.',
      status: 200,
      query: listQuery,
      response: pageSchema(assignmentSchema),
      async handle(input) {
        const { active, ...page } = input.query;
        return await service.list(signedIn(input), { ...page, active: active === true });
      },
    }),
    defineRoute({
      operationId: 'readAssignment',
      method: 'get',
      path: '/assignments/:id',
      summary: 'One task.',
      status: 200,
      params: idParams,
      response: assignmentSchema,
      handle: async (input) => await service.read(signedIn(input), input.params.id),
    }),
    defineRoute({
      operationId: 'revealContact',
      method: 'post',
      path: '/assignments/:id/reveal',
      summary:
        'Door and phone for the accepted helper, until a day after it is done. Logged, and told to the person.',
      status: 200,
      params: idParams,
      body: emptyBody,
      response: visitSchema,
      limit: 'reveal',
      handle: async (input) => await service.readVisit(signedIn(input), input.params.id),
    }),
    ...moves(service),
  ];
}

function moves(service: AssignmentService): Route[] {
  return [
    defineRoute({
      operationId: 'checkInAssignment',
      method: 'post',
      path: '/assignments/:id/check-in',
      summary: 'I have arrived.',
      status: 200,
      params: idParams,
      body: emptyBody,
      response: assignmentSchema,
      handle: async (input) => await service.checkIn(signedIn(input), input.params.id, input.commandKey),
    }),
    defineRoute({
      operationId: 'completeAssignment',
      method: 'post',
      path: '/assignments/:id/complete',
      summary: 'It is done.',
      status: 200,
      params: idParams,
      body: emptyBody,
      response: assignmentSchema,
      handle: async (input) => await service.complete(signedIn(input), input.params.id, input.commandKey),
    }),
    defineRoute({
      operationId: 'withdrawAssignment',
      method: 'post',
      path: '/assignments/:id/withdraw',
      summary: 'I cannot come after all; somebody else is asked.',
      status: 200,
      params: idParams,
      body: noteBody,
      response: assignmentSchema,
      handle: async (input) => await service.withdraw(signedIn(input), input.params.id, input.commandKey),
    }),
    defineRoute({
      operationId: 'reportNoShow',
      method: 'post',
      path: '/assignments/:id/no-show',
      summary: 'The helper did not come: the author after the agreed time, the centre at any time.',
      status: 200,
      params: idParams,
      body: noteBody,
      response: helpRequestSchema,
      handle: async (input) => await service.reportNoShow(signedIn(input), input.params.id, input.commandKey),
    }),
  ];
}
