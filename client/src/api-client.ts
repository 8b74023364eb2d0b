import type { ProblemView } from '../../src/shared/api-types.ts';
import { serverAnswered, serverUnreachable } from './connection.svelte.ts';
import { type Answer, OPERATIONS, type Operation } from './operations.ts';
import { randomKey } from './random-key.ts';

const TIMEOUT_MS = 15_000;
/** The first pause before a command is sent again with the same key; the second is twice as long. */
const RETRY_MS = 700;
const RETRIES = 2;

/** A failure the reader can be told about: the server's problem, or no answer at all (`code` = `unreachable`). */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;
  readonly view: ProblemView | null;
  readonly retryAfterSeconds: number | null;
  constructor(code: string, status: number, view: ProblemView | null, retryAfterSeconds: number | null) {
    super(view?.detail ?? code);
    this.name = 'ApiProblem';
    this.code = code;
    this.status = status;
    this.view = view;
    this.retryAfterSeconds = retryAfterSeconds;
  }
  get isUnreachable(): boolean {
    return this.code === 'unreachable';
  }
}

export interface CallOptions {
  /** Values of the `:name` parts of the path. */
  params?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  /** The same key on every try of one intention; made here when absent. */
  key?: string;
  timeoutMs?: number;
  /** How often a command without an answer is tried again; reads are never tried again here. */
  retries?: number;
  signal?: AbortSignal;
}

/** Told when a call finds that nobody is signed in any more; the session listens. */
let onSignedOut: () => void = () => undefined;

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/**
 * Calls an operation and answers its body. Commands carry an Idempotency-Key and are sent again with the same
 * key when no answer came, so one press has one effect. Nothing is cached.
 * @throws ApiProblem for every other answer than 2xx, and with code `unreachable` when none came.
 */
export async function call<O extends Operation>(operation: O, options: CallOptions = {}): Promise<Answer<O>> {
  const [method = 'GET', path = '/'] = (await addressOf(operation)).split(' ');
  const url = `/api${withParams(path, options.params ?? {})}${withQuery(options.query ?? {})}`;
  const headers: Record<string, string> = { accept: 'application/json' };
  const isCommand = method !== 'GET';
  if (isCommand) headers['idempotency-key'] = options.key ?? randomKey();
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (isCommand) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(options.body ?? {});
  }
  const retries = isCommand ? (options.retries ?? RETRIES) : 0;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await fetchInTime(url, init, options.timeoutMs ?? TIMEOUT_MS, options.signal);
      return (await readAnswer(answer)) as Answer<O>;
    } catch (error) {
      if (!shouldRetry(error) || attempt >= retries || options.signal?.aborted) throw error;
      await new Promise((resume) => setTimeout(resume, RETRY_MS * 2 ** attempt));
    }
  }
}

/** Method and path; without a network the table of the further operations may not be here. */
async function addressOf(operation: Operation): Promise<string> {
  if (operation in OPERATIONS) return OPERATIONS[operation as keyof typeof OPERATIONS];
  try {
    const { OPERATIONS_MORE } = await import('./operations-more.ts');
    return OPERATIONS_MORE[operation as keyof typeof OPERATIONS_MORE];
  } catch {
    serverUnreachable();
    throw new ApiProblem('unreachable', 0, null, null);
  }
}

function shouldRetry(error: unknown): boolean {
  return error instanceof ApiProblem && (error.isUnreachable || error.code === 'draining');
}

function withParams(path: string, params: Record<string, string>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

function withQuery(query: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function fetchInTime(
  url: string,
  init: RequestInit,
  timeoutMs: number,
  outer: AbortSignal | undefined,
): Promise<Response> {
  const inner = new AbortController();
  const stop = (): void => inner.abort();
  const timer = setTimeout(stop, timeoutMs);
  outer?.addEventListener('abort', stop);
  try {
    return await fetch(url, { ...init, signal: inner.signal });
  } catch {
    if (!outer?.aborted) serverUnreachable();
    throw new ApiProblem('unreachable', 0, null, null);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', stop);
  }
}

async function readAnswer(answer: Response): Promise<unknown> {
  // 502-504 come from something in front of a server that is away.
  if (answer.status >= 502 && answer.status <= 504 && !isJson(answer)) {
    serverUnreachable();
    throw new ApiProblem('unreachable', answer.status, null, null);
  }
  serverAnswered();
  if (answer.status === 204) return null;
  const body: unknown = isJson(answer) ? await answer.json().catch(() => null) : null;
  if (answer.ok) return body;
  const view = body as ProblemView | null;
  const code = view?.code ?? (answer.status === 404 ? 'not-found' : 'internal');
  const after = Number(answer.headers.get('retry-after'));
  if (code === 'not-signed-in') onSignedOut();
  throw new ApiProblem(code, answer.status, view, Number.isFinite(after) && after > 0 ? after : null);
}

function isJson(answer: Response): boolean {
  return (answer.headers.get('content-type') ?? '').includes('json');
}

/** The answer's problem when a caught value is one; anything else is thrown on, because it is our own mistake. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  throw error;
}
