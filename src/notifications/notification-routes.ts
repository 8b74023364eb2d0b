import { defineRoute, signedIn } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { LIMITS } from '../shared/limits.ts';
import {
  acknowledgeBody,
  acknowledgeResponse,
  callParams,
  deliveryPageResponse,
  deliveryResponse,
  listDeliveriesQuery,
  listNotificationsQuery,
  notificationPageResponse,
  recordCallBody,
} from './notification-schemas.ts';
import type { NotificationService } from './notification-service.ts';

/** The person's own numbered list, and the staff's call list. */
export function notificationRoutes(service: NotificationService): Route[] {
  return [
    defineRoute({
      operationId: 'listNotifications',
      method: 'get',
      path: '/notifications',
      summary:
        'My notifications: `after` a number ascending (catch-up), else newest first or `before` a number.',
      status: 200,
      query: listNotificationsQuery,
      response: notificationPageResponse,
      handle: async (input) => {
        const { after, before } = input.query;
        return await service.list(signedIn(input), {
          ...(after === undefined ? {} : { after: Number(after) }),
          ...(before === undefined ? {} : { before: Number(before) }),
        });
      },
    }),
    defineRoute({
      operationId: 'acknowledgeNotifications',
      method: 'post',
      path: '/notifications/acknowledge',
      summary: 'Everything up to this number was shown to me.',
      status: 200,
      body: acknowledgeBody,
      response: acknowledgeResponse,
      handle: async (input) => await service.acknowledge(signedIn(input), input.body.upTo),
    }),
    defineRoute({
      operationId: 'listDeliveries',
      method: 'get',
      path: '/deliveries',
      summary: 'Whom the centre should ring, newest first; `state` narrows to calls still to make, or made.',
      status: 200,
      query: listDeliveriesQuery,
      response: deliveryPageResponse,
      handle: async (input) => {
        const { cursor, limit, state } = input.query;
        return await service.listCalls(signedIn(input), {
          ...(state === undefined ? {} : { state }),
          limit: limit === undefined ? LIMITS.pageSize : Number(limit),
          ...(cursor === undefined ? {} : { cursor }),
        });
      },
    }),
    defineRoute({
      operationId: 'recordCall',
      method: 'post',
      path: '/deliveries/:id/call',
      summary: 'A member of staff has rung: told, no answer, or not made after all.',
      status: 200,
      params: callParams,
      body: recordCallBody,
      response: deliveryResponse,
      handle: async (input) => await service.recordCall(signedIn(input), input.params.id, input.body.outcome),
    }),
  ];
}
