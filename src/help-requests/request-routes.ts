import { defineRoute, signedIn, type Route } from '../http/route.ts';
import { idParams } from '../http/view-schemas.ts';
import type { HelpRequestService } from './help-request-service.ts';
import type { ReadingService } from './reading-service.ts';
import {
  cancelBody,
  createBody,
  disputeBody,
  editBody,
  emptyBody,
  listRequestsQuery,
  thanksBody,
} from './request-schemas.ts';
import {
  accessLogPageSchema,
  helpRequestSchema,
  previewSchema,
  requestPageSchema,
  timelinePageSchema,
} from './request-view-schemas.ts';

export interface RequestRoutesDeps {
  readonly service: HelpRequestService;
  readonly reading: ReadingService;
}

/** A note as it is kept: without the blanks around it, null when nothing is left. */
export function trimmedNote(note: string | null | undefined): string | null {
  const trimmed = note?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** Reading requests, and what an author does with their own. */
export function requestRoutes({ service, reading }: RequestRoutesDeps): Route[] {
  return [
    defineRoute({
      operationId: 'createHelpRequest',
      method: 'post',
      path: '/help-requests',
      summary: 'Writes a request for help: a draft, or sent at once with `submit`.',
      status: 201,
      body: createBody,
      response: helpRequestSchema,
      limit: 'createRequest',
      handle: async (input) => await service.create(signedIn(input), input.body, input.commandKey),
    }),
    defineRoute({
      operationId: 'previewHelpRequest',
      method: 'post',
      path: '/help-requests/preview',
      summary:
        'What neighbours would see, what looks private in it, and what happens after sending. Stores nothing.',
      status: 200,
      body: createBody,
      response: previewSchema,
      handle: async (input) => await service.preview(signedIn(input), input.body),
    }),
    defineRoute({
      operationId: 'listHelpRequests',
      method: 'get',
      path: '/help-requests',
      summary: 'The board, my own requests, or all requests for the centre; newest first.',
      status: 200,
      query: listRequestsQuery,
      response: requestPageSchema,
      handle: async (input) => await reading.list(signedIn(input), input.query),
    }),
    defineRoute({
      operationId: 'readHelpRequest',
      method: 'get',
      path: '/help-requests/:id',
      summary: 'One request as its reader may see it.',
      status: 200,
      params: idParams,
      response: helpRequestSchema,
      handle: async (input) => await reading.read(signedIn(input), input.params.id),
    }),
    defineRoute({
      operationId: 'updateHelpRequest',
      method: 'put',
      path: '/help-requests/:id',
      summary: 'Changes a draft or a returned request.',
      status: 200,
      params: idParams,
      body: editBody,
      response: helpRequestSchema,
      async handle(input) {
        const { version, ...content } = input.body;
        return await service.edit(signedIn(input), input.params.id, content, version, input.commandKey);
      },
    }),
    defineRoute({
      operationId: 'listTimeline',
      method: 'get',
      path: '/help-requests/:id/timeline',
      summary: 'What happened to a request, oldest first; helpers see their own part.',
      status: 200,
      params: idParams,
      response: timelinePageSchema,
      handle: async (input) => await reading.timeline(signedIn(input), input.params.id),
    }),
    defineRoute({
      operationId: 'listAccessLog',
      method: 'get',
      path: '/help-requests/:id/access-log',
      summary: 'Who read the door and phone of a request, newest first.',
      status: 200,
      params: idParams,
      response: accessLogPageSchema,
      handle: async (input) => await reading.accessLog(signedIn(input), input.params.id),
    }),
    ...moves(service),
  ];
}

function moves(service: HelpRequestService): Route[] {
  return [
    defineRoute({
      operationId: 'submitHelpRequest',
      method: 'post',
      path: '/help-requests/:id/submit',
      summary: 'Sends a draft: to the board at once, or to the centre first.',
      status: 200,
      params: idParams,
      body: emptyBody,
      response: helpRequestSchema,
      handle: async (input) => await service.submit(signedIn(input), input.params.id, input.commandKey),
    }),
    defineRoute({
      operationId: 'resubmitHelpRequest',
      method: 'post',
      path: '/help-requests/:id/resubmit',
      summary: 'Sends a returned request to the centre again.',
      status: 200,
      params: idParams,
      body: emptyBody,
      response: helpRequestSchema,
      handle: async (input) => await service.resubmit(signedIn(input), input.params.id, input.commandKey),
    }),
    defineRoute({
      operationId: 'cancelHelpRequest',
      method: 'post',
      path: '/help-requests/:id/cancel',
      summary: 'Ends a request with a reason: the author until somebody has arrived, the centre always.',
      status: 200,
      params: idParams,
      body: cancelBody,
      response: helpRequestSchema,
      handle: async (input) =>
        await service.cancel(
          signedIn(input),
          input.params.id,
          input.body.reason,
          trimmedNote(input.body.note),
          input.commandKey,
        ),
    }),
    defineRoute({
      operationId: 'confirmHelpRequest',
      method: 'post',
      path: '/help-requests/:id/confirm',
      summary: 'Yes, it was done.',
      status: 200,
      params: idParams,
      body: emptyBody,
      response: helpRequestSchema,
      handle: async (input) => await service.confirm(signedIn(input), input.params.id, input.commandKey),
    }),
    defineRoute({
      operationId: 'disputeHelpRequest',
      method: 'post',
      path: '/help-requests/:id/dispute',
      summary: 'Something is not right: a neutral person at the centre looks at it.',
      status: 200,
      params: idParams,
      body: disputeBody,
      response: helpRequestSchema,
      handle: async (input) =>
        await service.dispute(signedIn(input), input.params.id, input.body.note.trim(), input.commandKey),
    }),
    defineRoute({
      operationId: 'thankHelper',
      method: 'post',
      path: '/help-requests/:id/thanks',
      summary: 'Thanks everybody who helped, once.',
      status: 200,
      params: idParams,
      body: thanksBody,
      response: helpRequestSchema,
      handle: async (input) =>
        await service.thank(signedIn(input), input.params.id, input.body.text.trim(), input.commandKey),
    }),
    defineRoute({
      operationId: 'reopenHelpRequest',
      method: 'post',
      path: '/help-requests/:id/reopen',
      summary: 'Takes up an ended request again, within thirty days.',
      status: 200,
      params: idParams,
      body: emptyBody,
      response: helpRequestSchema,
      handle: async (input) => await service.reopen(signedIn(input), input.params.id, input.commandKey),
    }),
  ];
}
