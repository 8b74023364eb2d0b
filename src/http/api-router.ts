import { Router, type Request, type RequestHandler, type Response } from 'express';
import Joi from 'joi';
import type { Clock } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { LANGUAGES, type Language } from '../shared/vocabulary.ts';
import { ACCESS_TABLE, type AccessRow, type OperationId } from './access-table.ts';
import { readCommandKey } from './command-key.ts';
import { readCookies } from './cookies.ts';
import { requireAccess } from './gate.ts';
import { checkBody, jsonParserOf, requireJson } from './json-body.ts';
import { requireOwnOrigin, type OriginRule } from './origin-check.ts';
import { isLimitName, type LimitName, type RateLimits } from './rate-limits.ts';
import type { Route, RouteInput } from './route.ts';
import type { Sessions } from './sessions.ts';
import type { SignedInUser } from './session-types.ts';
import { validateInput, validateParams } from './validate-input.ts';

export interface ApiRouterDeps {
  readonly routes: readonly Route[];
  readonly sessions: Sessions;
  readonly limits: RateLimits;
  readonly origin: OriginRule;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The community a signed-out reader means; null before set-up. */
  communityOf(slug: string | null): Promise<string | null>;
  /** Keyed digest of a command's body. */
  digest(text: string): string;
  /** Checks every answer against the route's response schema; on in tests. */
  readonly checkResponses: boolean;
}

/** Headers that only one operation's answer carries. */
const ANSWER_HEADERS: Partial<Record<OperationId, Readonly<Record<string, string>>>> = {
  deleteSession: { 'Clear-Site-Data': '"storage"' },
};

/**
 * Mounts the route tables. For every request, in this order: origin, limit of the address, session, role and needs
 * of the access table, general limit, body, schema, the route's own limit, handler, answer. Every failure leaves
 * through the problem writer behind it. Throws at start for two routes with one operationId or an unknown limit.
 */
export function createApiRouter(deps: ApiRouterDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const seen = new Set<OperationId>();
  router.use(guard(deps), ...deps.sessions.middleware);
  for (const route of deps.routes) {
    if (seen.has(route.operationId)) throw new TypeError(`two routes are called ${route.operationId}`);
    if (route.limit !== undefined && !isLimitName(route.limit)) {
      throw new TypeError(`${route.operationId} names the unknown limit ${route.limit}`);
    }
    seen.add(route.operationId);
    router[route.method](route.path, admit(deps, route), parse(route), answer(deps, route));
  }
  for (const [path, methods] of methodsByPath(deps.routes)) {
    router.all(path, (_request, response) => {
      response.setHeader('Allow', methods.join(', '));
      throw new AppError('method-not-allowed', `Use ${methods.join(' or ')}.`);
    });
  }
  router.use(() => {
    throw new AppError('not-found', 'There is nothing at this address.');
  });
  return router;
}

function guard(deps: ApiRouterDeps): RequestHandler {
  return async (request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    await deps.limits.take('address', { accountId: null, address: request.ip ?? '' }, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') requireOwnOrigin(deps.origin, request);
    next();
  };
}

function admit(deps: ApiRouterDeps, route: Route): RequestHandler {
  const row: AccessRow = ACCESS_TABLE[route.operationId];
  return async (request, response, next) => {
    const user = userOf(request);
    await deps.limits.take('general', whoOf(request, user), response);
    requireAccess(row, user, deps.clock.now().getTime());
    next();
  };
}

function parse(route: Route): RequestHandler {
  if (route.method === 'get') return (_request, _response, next) => next();
  const parser = jsonParserOf(route.operationId);
  return (request, response, next) => {
    requireJson(request);
    parser(request, response, next);
  };
}

function answer(deps: ApiRouterDeps, route: Route): RequestHandler {
  return async (request, response) => {
    const user = userOf(request);
    const input = await readInput(deps, route, request, response, user);
    if (route.limit !== undefined)
      await deps.limits.take(route.limit as LimitName, whoOf(request, user), response);
    const body = await route.handle(input);
    if (deps.checkResponses) checkAnswer(route, body);
    for (const [name, value] of Object.entries(ANSWER_HEADERS[route.operationId] ?? {}))
      response.setHeader(name, value);
    response.status(route.status);
    if (route.response === null) {
      response.end();
      return;
    }
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(body));
  };
}

async function readInput(
  deps: ApiRouterDeps,
  route: Route,
  request: Request,
  response: Response,
  user: SignedInUser | null,
): Promise<RouteInput> {
  const params = validateParams(route.params, { ...request.params }) as Record<string, string>;
  const { community, query } = splitCommunity(route, request.query);
  const body = route.method === 'get' ? undefined : checkBody(route.operationId, request.body);
  const actor = user?.account?.actor ?? null;
  return {
    actor,
    communityId: actor?.communityId ?? (await deps.communityOf(community)) ?? '',
    params,
    query: validateInput(route.query ?? NOTHING, 'query', query) as Record<string, unknown>,
    body: body === undefined ? undefined : validateInput(route.body ?? NOTHING, 'body', body),
    commandKey:
      route.method === 'get'
        ? undefined
        : readCommandKey(headerOf(request, 'idempotency-key'), body, deps.digest),
    language: actor?.language ?? languageOf(request),
    request: {
      id: String(response.locals['requestId']),
      address: request.ip ?? '',
      session: deps.sessions.controlOf(request, response),
    },
  };
}

/** The schema of a route that takes nothing: every field is refused. */
const NOTHING = Joi.object({});

/** `?community=<slug>` belongs to the gate on routes that are open to anyone, and is an unknown field elsewhere. */
function splitCommunity(
  route: Route,
  query: Record<string, unknown>,
): { community: string | null; query: Record<string, unknown> } {
  const { community, ...rest } = query;
  const isOpen = ACCESS_TABLE[route.operationId].needs === 'none';
  return isOpen && typeof community === 'string' ? { community, query: rest } : { community: null, query };
}

function userOf(request: Request): SignedInUser | null {
  return request.user?.account == null ? null : request.user;
}

function whoOf(request: Request, user: SignedInUser | null): { accountId: string | null; address: string } {
  return { accountId: user?.content.accountId ?? null, address: request.ip ?? '' };
}

function headerOf(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/** Signed out: the cookie that the page set, else the best of Accept-Language, else Chinese. */
export function languageOf(request: Request): Language {
  const cookie = readCookies(request.headers.cookie).get('linli-lang');
  const chosen = LANGUAGES.find((language) => language === cookie);
  if (chosen !== undefined) return chosen;
  const accepted = request.acceptsLanguages(['zh-CN', 'zh', 'ug', 'en']);
  if (accepted === 'ug' || accepted === 'en') return accepted;
  return 'zh-CN';
}

function checkAnswer(route: Route, body: unknown): void {
  if (route.response === null) {
    if (body !== undefined)
      throw new TypeError(`${route.operationId} answers although its schema says nothing`);
    return;
  }
  const sent: unknown = JSON.parse(JSON.stringify(body ?? null));
  const { error } = route.response.validate(sent, { convert: false, abortEarly: false, allowUnknown: false });
  if (error !== undefined)
    throw new TypeError(`${route.operationId} breaks its response schema: ${error.message}`);
}

function methodsByPath(routes: readonly Route[]): ReadonlyMap<string, string[]> {
  const byPath = new Map<string, string[]>();
  for (const { path, method } of routes) {
    byPath.set(path, [...(byPath.get(path) ?? []), method.toUpperCase()]);
  }
  return byPath;
}
