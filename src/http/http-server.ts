import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { RequestListener } from 'node:http';

export type AnyServer = http.Server | https.Server;

/** Limits of reliability 9, so that slow, silent and endless peers are let go. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16 * 1024,
} as const;

/** A server that is not listening yet; https when certificate files are given. Throws when they cannot be read. */
export function createHttpServer(
  listener: RequestListener,
  tls: { readonly certFile: string; readonly keyFile: string } | null,
): AnyServer {
  const server =
    tls === null
      ? http.createServer(LIMITS, listener)
      : https.createServer(
          {
            ...LIMITS,
            cert: readFileSync(tls.certFile),
            key: readFileSync(tls.keyFile),
            minVersion: 'TLSv1.2',
          },
          listener,
        );
  server.maxRequestsPerSocket = 1_000;
  return server;
}

/** Resolves with the port, once connections are taken; rejects when the port is in use. */
export async function listen(server: AnyServer, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/**
 * Stops taking connections and waits until those that are open are done, at most `withinMs`; then they are cut.
 * Keep-alive connections that wait for nothing are closed at once.
 */
export async function closeServer(server: AnyServer, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, withinMs);
  await closed;
  clearTimeout(timer);
}
