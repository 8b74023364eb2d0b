import Joi from 'joi';
import { LIMITS } from '../shared/limits.ts';
import { CHANNELS, NOTIFICATION_KINDS } from '../shared/vocabulary.ts';

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

export const listDeliveriesQuery = Joi.object<{ cursor?: string; limit?: string }>({
  cursor: Joi.string().pattern(/^[0-9a-f-]{36}$/, 'id'),
  limit: Joi.string().pattern(/^([1-9]|[1-4]\d|50)$/, '1 to 50'),
});

export const deliveryPageResponse = Joi.object({
  items: Joi.array()
    .items(
      Joi.object({
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
      }),
    )
    .max(LIMITS.pageSizeMax)
    .required(),
  nextCursor: Joi.string().allow(null).required(),
});
