import { defineRoute, signedIn, type Route } from '../http/route.ts';
import { idParams } from '../http/view-schemas.ts';
import type { DeskService } from './desk-service.ts';
import type { ReadingService } from './reading-service.ts';
import { trimmedNote } from './request-routes.ts';
import {
  candidatesQuery,
  emptyBody,
  noteBody,
  offerBody,
  pageOnlyQuery,
  revealBody,
  reviewBody,
  settleBody,
} from './request-schemas.ts';
import {
  candidatesSchema,
  helpRequestSchema,
  reviewPageSchema,
  visitSchema,
} from './request-view-schemas.ts';

export interface DeskRoutesDeps {
  readonly desk: DeskService;
  readonly reading: ReadingService;
}

/** The centre's desk: review, the search by hand, disputes, reading a door with a purpose. */
export function deskRoutes({ desk, reading }: DeskRoutesDeps): Route[] {
  return [
    defineRoute({
      operationId: 'listReviewQueue',
      method: 'get',
      path: '/review-queue',
      summary: 'What waits for the centre, the most urgent deadline first.',
      status: 200,
      query: pageOnlyQuery,
      response: reviewPageSchema,
      handle: async (input) => await reading.reviewQueue(signedIn(input), input.query),
    }),
    ...reviewing(desk),
    ...searching(desk),
  ];
}

function reviewing(desk: DeskService): Route[] {
  return [
    defineRoute({
      operationId: 'approveHelpRequest',
      method: 'post',
      path: '/help-requests/:id/approve',
      summary: 'Puts a request on the board, or marks one that is there as reviewed.',
      status: 200,
      params: idParams,
      body: noteBody,
      response: helpRequestSchema,
      handle: async (input) =>
        await desk.approve(signedIn(input), input.params.id, trimmedNote(input.body.note), input.commandKey),
    }),
    defineRoute({
      operationId: 'returnHelpRequest',
      method: 'post',
      path: '/help-requests/:id/return',
      summary: 'Sends a request back to its author with a reason.',
      status: 200,
      params: idParams,
      body: reviewBody,
      response: helpRequestSchema,
      handle: async (input) =>
        await desk.sendBack(
          signedIn(input),
          input.params.id,
          input.body.reason,
          trimmedNote(input.body.note),
          input.commandKey,
        ),
    }),
    defineRoute({
      operationId: 'rejectHelpRequest',
      method: 'post',
      path: '/help-requests/:id/reject',
      summary: 'Refuses a request with a reason.',
      status: 200,
      params: idParams,
      body: reviewBody,
      response: helpRequestSchema,
      handle: async (input) =>
        await desk.reject(
          signedIn(input),
          input.params.id,
          input.body.reason,
          trimmedNote(input.body.note),
          input.commandKey,
        ),
    }),
    defineRoute({
      operationId: 'settleDispute',
      method: 'post',
      path: '/help-requests/:id/settle',
      summary: 'Settles a dispute: it counts as done, it ends, or somebody else is sought.',
      status: 200,
      params: idParams,
      body: settleBody,
      response: helpRequestSchema,
      handle: async (input) =>
        await desk.settle(
          signedIn(input),
          input.params.id,
          input.body.outcome,
          trimmedNote(input.body.note),
          input.commandKey,
        ),
    }),
    defineRoute({
      operationId: 'revealForStaff',
      method: 'post',
      path: '/help-requests/:id/reveal',
      summary: 'Door and phone for a stated purpose. Logged, and told to the person.',
      status: 200,
      params: idParams,
      body: revealBody,
      response: visitSchema,
      limit: 'reveal',
      handle: async (input) =>
        await desk.readVisit(signedIn(input), input.params.id, input.body.purpose.trim()),
    }),
  ];
}

function searching(desk: DeskService): Route[] {
  return [
    defineRoute({
      operationId: 'listCandidates',
      method: 'get',
      path: '/help-requests/:id/candidates',
      summary:
        'Who could help, best first, with reasons; who was asked; who is next. `helperId` asks why not.',
      status: 200,
      params: idParams,
      query: candidatesQuery,
      response: candidatesSchema,
      handle: async (input) => await desk.candidates(signedIn(input), input.params.id, input.query.helperId),
    }),
    defineRoute({
      operationId: 'sendWave',
      method: 'post',
      path: '/help-requests/:id/waves',
      summary: 'Asks the next helpers now instead of waiting.',
      status: 200,
      params: idParams,
      body: emptyBody,
      response: candidatesSchema,
      handle: async (input) => await desk.sendWave(signedIn(input), input.params.id, input.commandKey),
    }),
    defineRoute({
      operationId: 'offerToHelper',
      method: 'post',
      path: '/help-requests/:id/offers',
      summary: 'Asks one helper chosen by hand.',
      status: 200,
      params: idParams,
      body: offerBody,
      response: candidatesSchema,
      handle: async (input) =>
        await desk.offer(signedIn(input), input.params.id, input.body.helperId, input.commandKey),
    }),
    defineRoute({
      operationId: 'takeOverHelpRequest',
      method: 'post',
      path: '/help-requests/:id/take-over',
      summary: 'A person at the centre looks after this request now; its author is told.',
      status: 200,
      params: idParams,
      body: emptyBody,
      response: helpRequestSchema,
      handle: async (input) => await desk.takeOver(signedIn(input), input.params.id, input.commandKey),
    }),
    defineRoute({
      operationId: 'giveUpHelpRequest',
      method: 'post',
      path: '/help-requests/:id/give-up',
      summary: 'Nobody could be found: the request goes on the list of the unmet.',
      status: 200,
      params: idParams,
      body: noteBody,
      response: helpRequestSchema,
      handle: async (input) =>
        await desk.giveUp(signedIn(input), input.params.id, trimmedNote(input.body.note), input.commandKey),
    }),
  ];
}
