import type { OperationId } from '../../src/http/access-table.ts';
import type { Route } from '../../src/http/route.ts';
import type { PersonClient } from '../support/person-client.ts';

/** One answer of the service, as the wire carried it. */
export interface Sighting {
  readonly who: string;
  readonly operationId: OperationId | 'page';
  readonly path: string;
  readonly status: number;
  /** Headers and body. */
  readonly wire: string;
}

/** The ids that somebody curious would put into an address. */
export interface KnownIds {
  readonly requestId: string;
  readonly matchId: string;
  readonly assignmentId: string;
}

/** Where to look: the table of routes, the address of the service, and what is known of one request. */
export interface Reach {
  readonly routes: readonly Route[];
  readonly baseUrl: string;
  readonly ids: KnownIds;
}

/** Queries that make an operation show everything it has. The empty one is always tried. */
const QUERIES: Partial<Record<OperationId, readonly string[]>> = {
  listHelpRequests: [
    '?view=board',
    '?view=mine&limit=50',
    '?view=staff&limit=50',
    '?view=staff&needsPerson=true',
  ],
  listAccounts: ['?limit=50', '?status=active', '?status=waiting', '?status=suspended'],
  listMyMatches: ['?open=true'],
  listMyAssignments: ['?active=true'],
  listNotifications: ['?after=0'],
  suggestPassphrase: ['?language=en', '?language=zh-CN'],
};
const PAGES = ['/', '/me', '/more', '/notifications', '/staff/review', '/no-such-page'];

/** Reads every GET route, and the page itself, as one person: everything that this person can make the service say. */
export async function readEverything(
  who: string,
  client: PersonClient,
  { routes, baseUrl, ids }: Reach,
): Promise<Sighting[]> {
  const sightings: Sighting[] = [];
  for (const { operationId, method, path } of routes) {
    if (method !== 'get') continue;
    for (const filled of pathsOf(path, ids)) {
      for (const query of ['', ...(QUERIES[operationId] ?? [])]) {
        const answer = await client.get(`${filled}${query}`);
        sightings.push(sighting(who, operationId, `${filled}${query}`, answer));
      }
    }
  }
  for (const path of [...PAGES, `/r/${ids.requestId}`, `/staff/requests/${ids.requestId}`]) {
    const answer = await fetch(new URL(path, baseUrl), { headers: { cookie: client.cookie() } });
    const headers = Object.fromEntries(answer.headers);
    sightings.push(
      sighting(who, 'page', path, { status: answer.status, headers, text: await answer.text() }),
    );
  }
  return sightings;
}

function pathsOf(path: string, { requestId, matchId, assignmentId }: KnownIds): string[] {
  if (!path.includes(':')) return [path];
  if (path.startsWith('/problems')) return ['/problems/not-found'];
  const ids = path.startsWith('/matches')
    ? [matchId, requestId]
    : path.startsWith('/assignments')
      ? [assignmentId, requestId]
      : [requestId, assignmentId];
  return ids.filter((id) => id !== '').map((id) => path.replace(/:\w+/, id));
}

/** An answer as a sighting. */
export function sighting(
  who: string,
  operationId: Sighting['operationId'],
  path: string,
  answer: { readonly status: number; readonly text: string; readonly headers: object },
): Sighting {
  return {
    who,
    operationId,
    path,
    status: answer.status,
    wire: JSON.stringify(answer.headers) + answer.text,
  };
}

/** The names of the marks that a text holds, also when it holds them as URL or JSON escapes. */
export function marksIn(text: string, marks: Readonly<Record<string, string>>): string[] {
  const plain = text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  return Object.entries(marks).flatMap(([name, mark]) =>
    [mark, encodeURIComponent(mark)].some((form) => plain.includes(form)) ? [name] : [],
  );
}

/** Every place where a mark was seen, one line each. */
export function leaksIn(sightings: readonly Sighting[], marks: Readonly<Record<string, string>>): string[] {
  const lines = sightings.flatMap(({ who, operationId, path, status, wire }) =>
    marksIn(wire, marks).map((name) => `${who} reads ${name} in ${operationId} ${path} (${status})`),
  );
  return [...new Set(lines)];
}
