import Joi from 'joi';
import { LIMITS } from '../shared/limits.ts';
import { CALL_OUTCOMES, CHANNELS, NOTIFICATION_KINDS, type CallOutcome } from '../shared/vocabulary.ts';

const number = Joi.number().integer().min(0).max(Number.MAX_SAFE_INTEGER);
/** In a query string numbers arrive as text: plain decimal digits only, no sign, no exponent. */
const numberInQuery = Joi.string().pattern(/^(0|[1-9]\d{0,14})$/, 'whole number');

export const listNotificationsQuery = Joi.object<{ after?: string; before?: string }>({
  after: numberInQuery,
  before: numberInQuery,
}).oxor('after', 'before');

export const acknowledgeBody = Joi.object<{ upTo: number }, true>({ upTo: number.required() });

export const acknowledgeResponse = Joi.object({ acknowledged: number.required() });

export const notificationPageResponse = Joi.object({
  items: Joi.array()
    .items(
      Joi.object({
        number: number.min(1).required(),
        id: Joi.string().required(),
        kind: Joi.string()
          .valid(...NOTIFICATION_KINDS)
          .required(),
        createdAt: Joi.string().isoDate().required(),
        link: Joi.string().required(),
        params: Joi.object()
          .pattern(Joi.string(), Joi.alternatives(Joi.string().allow(''), Joi.number()))
          .required(),
        silent: Joi.boolean().required(),
      }),
    )
    .max(LIMITS.notificationsPage)
    .required(),
  nextCursor: Joi.string().allow(null).required(),
});

export const listDeliveriesQuery = Joi.object<{ cursor?: string; limit?: string; state?: 'open' | 'done' }>({
  cursor: Joi.string().pattern(/^[0-9a-f-]{36}$/, 'id'),
  limit: Joi.string().pattern(/^([1-9]|[1-4]\d|50)$/, '1 to 50'),
  state: Joi.string().valid('open', 'done'),
});

/** The id of a delivery on the call list, as `listDeliveries` gives it. */
export const callParams = Joi.object<{ id: string }, true>({
  id: Joi.string()
    .pattern(/^[0-9a-f-]{36}\.staff_call_list$/, 'id')
    .required(),
});

export const recordCallBody = Joi.object<{ outcome: CallOutcome }, true>({
  outcome: Joi.string()
    .valid(...CALL_OUTCOMES)
    .required(),
});

export const deliveryResponse = Joi.object({
  id: Joi.string().required(),
  channel: Joi.string()
    .valid(...CHANNELS)
    .required(),
  status: Joi.string().valid('queued', 'sent', 'seen', 'failed').required(),
  at: Joi.string().isoDate().required(),
  kind: Joi.string()
    .valid(...NOTIFICATION_KINDS)
    .required(),
  recipientName: Joi.string().allow('').required(),
  requestId: Joi.string().allow(null).required(),
  calledBy: Joi.string().allow(null, '').required(),
});

export const deliveryPageResponse = Joi.object({
  items: Joi.array().items(deliveryResponse).max(LIMITS.pageSizeMax).required(),
  nextCursor: Joi.string().allow(null).required(),
});
