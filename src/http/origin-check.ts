import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../config.ts';
import { AppError } from '../errors.ts';

/** What counts as "our own site" (architecture 12). */
export interface OriginRule {
  /** Scheme, host and port; null: Origin must equal the Host that was asked. */
  readonly publicOrigin: string | null;
  /** The demo may be reached under any name of the machine; otherwise, without a public origin, loopback names only. */
  readonly anyHost: boolean;
}

/** True when the request names a host that is ours: stops pages of other sites that point their name at us. */
export function isOwnHost(rule: OriginRule, request: IncomingMessage): boolean {
  const host = request.headers.host;
  if (host === undefined || !/^[\w.:[\]-]{1,255}$/.test(host)) return false;
  if (rule.publicOrigin !== null) return host.toLowerCase() === new URL(rule.publicOrigin).host;
  return rule.anyHost || isLoopback(hostName(host));
}

/** True when the Origin header is there and is ours. */
export function isOwnOrigin(rule: OriginRule, request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || origin === 'null' || !isOwnHost(rule, request)) return false;
  if (rule.publicOrigin !== null) return origin === rule.publicOrigin;
  return origin === `http://${host ?? ''}` || origin === `https://${host ?? ''}`;
}

/**
 * Refuses a command that another site makes a browser send. An Origin must be ours; without one, Sec-Fetch-Site must
 * say that the page itself or the person sent it; with neither it is refused, so programs send `Origin`.
 */
export function requireOwnOrigin(rule: OriginRule, request: IncomingMessage): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isOwnSite = site === undefined || site === 'same-origin' || site === 'none';
  const isOwn =
    origin === undefined ? site !== undefined && isOwnSite : isOwnOrigin(rule, request) && isOwnSite;
  if (!isOwn)
    throw new AppError(
      'foreign-origin',
      'Commands are taken from our own pages only; programs send the Origin header.',
    );
}

function hostName(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}
