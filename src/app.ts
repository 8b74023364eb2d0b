import compression from 'compression';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Clock, NewId } from './actor.ts';
import { AppError } from './errors.ts';
import { createApiRouter } from './http/api-router.ts';
import { healthRoutes, type Readiness } from './http/health.ts';
import { isOwnHost, type OriginRule } from './http/origin-check.ts';
import { clientPages } from './http/page.ts';
import { sendProblem, toAppError } from './http/problem-details.ts';
import type { RateLimits } from './http/rate-limits.ts';
import type { Route } from './http/route.ts';
import { securityHeaders } from './http/security-headers.ts';
import type { Sessions } from './http/sessions.ts';
import type { Logger } from './logger.ts';

export interface AppDeps {
  readonly routes: readonly Route[];
  readonly sessions: Sessions;
  readonly limits: RateLimits;
  readonly origin: OriginRule;
  readonly isHttps: boolean;
  /** Exact number of proxies in front; 0: their headers are not read. */
  readonly trustProxy: number;
  /** The built client. */
  readonly clientDir: string;
  readonly readiness: Readiness;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly logger: Logger;
  communityOf(slug: string | null): Promise<string | null>;
  digest(text: string): string;
  readonly checkResponses: boolean;
}

/**
 * The order of everything a request meets: id, headers, health, our own host, API or page, problems. Opens nothing
 * and listens nowhere.
 */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', deps.trustProxy === 0 ? false : deps.trustProxy);
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  app.use(begin(deps));
  app.use(...securityHeaders({ isHttps: deps.isHttps, socketOrigin: socketOriginOf(deps.origin) }));
  app.use(healthRoutes(deps.readiness, () => performance.now()));
  app.use(requireOwnHost(deps.origin));
  app.use(compression());
  app.use('/api', createApiRouter(deps));
  app.use(clientPages(deps.clientDir));
  app.use(answerProblems(deps.logger));
  return app;
}

function begin({ newId, readiness }: AppDeps): RequestHandler {
  return (request, response, next) => {
    response.locals['requestId'] = newId();
    response.setHeader('X-Request-Id', String(response.locals['requestId']));
    if (readiness.isDraining()) response.setHeader('Connection', 'close');
    if (request.method === 'TRACE' || request.method === 'CONNECT') {
      throw new AppError('method-not-allowed', 'This method is not used here.');
    }
    next();
  };
}

function requireOwnHost(origin: OriginRule): RequestHandler {
  return (request, _response, next) => {
    if (!isOwnHost(origin, request)) throw new AppError('foreign-origin', 'This service has another name.');
    next();
  };
}

function socketOriginOf({ publicOrigin }: OriginRule): string | null {
  return publicOrigin === null ? null : publicOrigin.replace(/^http/, 'ws');
}

/** The last stop: every failure becomes a problem; one after the answer has begun cuts the connection. */
function answerProblems(logger: Logger): ErrorRequestHandler {
  return (thrown: unknown, _request, response, _next) => {
    const requestId = String(response.locals['requestId']);
    const error = toAppError(thrown, requestId, logger);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    sendProblem(response, error, requestId);
  };
}
