import Joi from 'joi';
import { AppError, type ErrorCode } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { buildOpenApi } from './openapi.ts';
import { PROBLEMS, problemType } from './problem-details.ts';
import { defineRoute, type Route } from './route.ts';

/**
 * Routes of the service itself: its description, the words for its problems, and what browsers report.
 * `allRoutes` is called when the description is first asked for, so that it holds these routes as well.
 */
export function serviceRoutes({
  allRoutes,
  version,
  logger,
}: {
  readonly allRoutes: () => readonly Route[];
  readonly version: string;
  readonly logger: Logger;
}): readonly Route[] {
  let document: object | undefined;
  return [
    defineRoute({
      operationId: 'readOpenApi',
      method: 'get',
      path: '/openapi.json',
      summary: 'This description, OpenAPI 3.1.',
      status: 200,
      response: Joi.object().unknown(true).required(),
      handle: async () => (document ??= buildOpenApi(allRoutes(), version)),
    }),
    defineRoute({
      operationId: 'readProblemType',
      method: 'get',
      path: '/problems/:code',
      summary: 'What a problem code means.',
      status: 200,
      params: Joi.object<{ code: string }, true>({ code: Joi.string().max(40).required() }),
      response: Joi.object({
        code: Joi.string().required(),
        type: Joi.string().required(),
        title: Joi.string().required(),
        status: Joi.number().integer().required(),
      }).required(),
      handle: async ({ params }) => {
        if (!Object.hasOwn(PROBLEMS, params.code))
          throw new AppError('not-found', 'There is no such problem code.');
        const code = params.code as ErrorCode;
        return { code, type: problemType(code), ...PROBLEMS[code] };
      },
    }),
    defineRoute({
      operationId: 'reportClientError',
      method: 'post',
      path: '/client-errors',
      summary: 'A browser reports an error of the page; only kind, place and line are kept.',
      status: 204,
      limit: 'clientErrors',
      body: Joi.object<ClientErrorReport>({
        kind: Joi.string().valid('error', 'csp').required(),
        message: Joi.string().max(500).required(),
        source: Joi.string().max(300).allow(''),
        line: Joi.number().integer().min(0),
        page: Joi.string().max(200).allow(''),
      }).required(),
      response: null,
      handle: async ({ body }) => {
        // A message may quote what a person typed, so its words stay out of the log.
        const source = body.source?.replace(/[?#].*$/s, '').slice(-80);
        logger.warn({ kind: body.kind, source, line: body.line }, 'a page reported an error');
      },
    }),
  ];
}

interface ClientErrorReport {
  kind: 'error' | 'csp';
  message: string;
  source?: string;
  line?: number;
  page?: string;
}
