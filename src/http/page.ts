import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { AppError } from '../errors.ts';
import { languageOf } from './api-router.ts';
import { readCookies } from './cookies.ts';

interface Asset {
  readonly file: string;
  readonly type: string;
  readonly isHashed: boolean;
  readonly encodings: readonly ('br' | 'gzip')[];
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Serves the built client: hashed files for a year, with the brotli or gzip copy made at build time; every other
 * address without a file ending is the page itself, whose `<html>` says language, direction and mode from the cookies
 * `linli-lang` and `linli-mode` (architecture 16). A file that is not there is 404. Without a build, a plain page says
 * how to make one. The build is read once, at start.
 */
export function clientPages(distDir: string): Router {
  const router = Router({ caseSensitive: true });
  const assets = existsSync(distDir) ? readAssets(distDir) : new Map<string, Asset>();
  const index = path.join(distDir, 'index.html');
  const template = existsSync(index) ? readFileSync(index, 'utf8') : NO_BUILD;
  router.use(serve(assets, distDir, template));
  return router;
}

function serve(assets: ReadonlyMap<string, Asset>, distDir: string, template: string): RequestHandler {
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      throw new AppError('method-not-allowed', 'Use GET.');
    }
    const asset = request.path === '/index.html' ? undefined : assets.get(request.path);
    if (asset !== undefined) {
      sendAsset(asset, distDir, request, response, next);
      return;
    }
    if (path.posix.extname(request.path) !== '' || request.path.startsWith('/api/')) {
      throw new AppError('not-found', 'There is no such file.');
    }
    sendPage(template, request, response);
  };
}

function sendAsset(
  asset: Asset,
  root: string,
  request: Request,
  response: Response,
  next: (error: unknown) => void,
): void {
  const encoding = asset.encodings.find((name) => request.acceptsEncodings(name) === name);
  response.setHeader('Content-Type', asset.type);
  response.setHeader('Vary', 'Accept-Encoding');
  response.setHeader('Cache-Control', asset.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
  const ending = encoding === 'br' ? '.br' : encoding === 'gzip' ? '.gz' : '';
  response.sendFile(
    `${asset.file}${ending}`,
    { root, cacheControl: false, dotfiles: 'deny' },
    (error?: Error) => {
      if (error === undefined || response.headersSent) return;
      // What was said about the file is not true of the answer that comes instead.
      for (const header of ['Content-Encoding', 'Vary']) response.removeHeader(header);
      response.setHeader('Cache-Control', 'no-store');
      next(isMissing(error) ? new AppError('not-found', 'There is no such file.') : error);
    },
  );
}

/** A build that was replaced while the service runs leaves names behind that are gone. */
function isMissing(error: Error & { status?: unknown }): boolean {
  return error.status === 404;
}

function sendPage(template: string, request: Request, response: Response): void {
  const language = languageOf(request);
  const mode = readCookies(request.headers.cookie).get('linli-mode') === 'elder' ? 'elder' : 'normal';
  const direction = language === 'ug' ? 'rtl' : 'ltr';
  const html = template.replace(
    /<html\b[^>]*>/,
    `<html lang="${language}" dir="${direction}" data-mode="${mode}">`,
  );
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Cache-Control', 'no-cache');
  response.setHeader('Content-Language', language);
  response.setHeader('Vary', 'Cookie, Accept-Language');
  response.status(200).end(html);
}

function readAssets(distDir: string): Map<string, Asset> {
  const files = readdirSync(distDir, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(distDir, file)).isFile())
    .map((file) => file.split(path.sep).join('/'));
  const all = new Set(files);
  const assets = new Map<string, Asset>();
  for (const file of files) {
    const type = TYPES[path.posix.extname(file)];
    if (type === undefined) continue;
    assets.set(`/${file}`, {
      file,
      type,
      isHashed: /-[\w-]{8,}\.\w+$/.test(file) && file.startsWith('assets/'),
      encodings: [
        ...(all.has(`${file}.br`) ? ['br' as const] : []),
        ...(all.has(`${file}.gz`) ? ['gzip' as const] : []),
      ],
    });
  }
  return assets;
}

const NO_BUILD = `<!doctype html>
<html><head><meta charset="utf-8"><title>Linli</title></head>
<body><main><h1>Linli</h1><p>The pages are not built yet. Run: npm run build</p></main></body></html>
`;
