import helmet from 'helmet';
import type { RequestHandler } from 'express';

/** The policy every page and every answer carries; journeys run under it with no report. */
export const CONTENT_SECURITY_POLICY: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'blob:', 'data:'],
  'connect-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
  'form-action': ["'self'"],
  'worker-src': ["'self'"],
  'require-trusted-types-for': ["'script'"],
  'trusted-types': ['svelte-trusted-html', 'linli-sw'],
};

/**
 * Helmet with our policy. HSTS only where the site is https, so that a demo on plain HTTP does not lock its host
 * name into https for a year. `connect-src 'self'` covers our own WebSocket in current browsers; `socketOrigin` names
 * it for those that do not read it so (Safari before 15.4).
 */
export function securityHeaders(options: {
  readonly isHttps: boolean;
  readonly socketOrigin: string | null;
}): RequestHandler[] {
  const connect = options.socketOrigin === null ? [] : [options.socketOrigin];
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: Object.fromEntries(
          Object.entries(CONTENT_SECURITY_POLICY).map(([name, values]) => [
            name,
            name === 'connect-src' ? [...values, ...connect] : [...values],
          ]),
        ),
      },
      strictTransportSecurity: options.isHttps ? { maxAge: 63_072_000, includeSubDomains: true } : false,
      referrerPolicy: { policy: 'no-referrer' },
      crossOriginEmbedderPolicy: false,
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      frameguard: { action: 'deny' },
      xPoweredBy: true,
    }),
    (_request, response, next) => {
      response.setHeader('Permissions-Policy', PERMISSIONS);
      next();
    },
  ];
}

const PERMISSIONS = [
  'geolocation=(self)',
  'camera=(self)',
  ...[
    'accelerometer',
    'autoplay',
    'bluetooth',
    'display-capture',
    'fullscreen',
    'gyroscope',
    'magnetometer',
    'microphone',
    'midi',
    'payment',
    'usb',
  ].map((feature) => `${feature}=()`),
].join(', ');
