import { randomUUID } from 'node:crypto';

/** A refusal of the service, as a simulated neighbour meets it. */
export class NeighbourProblem extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(`${String(status)} ${code}: ${detail}`);
    this.status = status;
    this.code = code;
  }
}

/** A simulated person: signs in like a visitor and uses the same API as everybody's browser. */
export interface Neighbour {
  readonly accountId: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
}

export interface NeighbourDeps {
  readonly baseUrl: string;
  /** Known to this process only: tells simulated sign-ins from those of visitors. */
  readonly secret: string;
}

/** One client per person; signs in on first use, and again when the session has ended. */
export function createNeighbour({ baseUrl, secret }: NeighbourDeps, accountId: string): Neighbour {
  let cookie: string | null = null;

  async function signIn(): Promise<string> {
    const response = await fetch(`${baseUrl}/api/demo/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: baseUrl },
      body: JSON.stringify({ accountId, neighbour: secret }),
    });
    if (!response.ok) throw await problemOf(response);
    const given = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
    await response.arrayBuffer();
    return given.join('; ');
  }

  async function send<T>(method: string, path: string, body: unknown, isRetry = false): Promise<T> {
    cookie ??= await signIn();
    const response = await fetch(`${baseUrl}/api${path}`, {
      method,
      headers: {
        origin: baseUrl,
        cookie,
        ...(method === 'GET' ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    });
    if (response.status === 401 && !isRetry) {
      cookie = null;
      return await send<T>(method, path, body, true);
    }
    if (!response.ok) throw await problemOf(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  return {
    accountId,
    get: async <T>(path: string) => await send<T>('GET', path, undefined),
    post: async <T>(path: string, body?: unknown) => await send<T>('POST', path, body),
    put: async <T>(path: string, body: unknown) => await send<T>('PUT', path, body),
  };
}

async function problemOf(response: Response): Promise<NeighbourProblem> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as { code?: string; detail?: string; errors?: unknown };
    return new NeighbourProblem(
      response.status,
      problem.code ?? 'unknown',
      `${problem.detail ?? ''} ${JSON.stringify(problem.errors ?? [])}`,
    );
  } catch {
    return new NeighbourProblem(response.status, 'unknown', text.slice(0, 200));
  }
}
