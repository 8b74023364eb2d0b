import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { Language } from '../../src/shared/vocabulary.ts';

/** One person at one screen. Page errors and reports of the content security policy are gathered and must stay empty. */
export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export interface PersonOptions {
  readonly baseUrl: string;
  readonly language?: Language;
  readonly mode?: 'normal' | 'elder';
  readonly width?: number;
  readonly height?: number;
}

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser named by CHROMIUM or found on the machine; without one the journeys fail and say what to install. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error(
      'No browser: install Chromium (Debian: apt-get install chromium) or set CHROMIUM=/path/to/it.',
    );
  }
  const isRoot = process.getuid?.() === 0;
  return await chromium.launch({ executablePath, args: isRoot ? [...FLAGS, '--no-sandbox'] : FLAGS });
}

/** A new person with an own browser profile, language and mode. */
export async function seatPerson(browser: Browser, options: PersonOptions): Promise<Person> {
  const context = await browser.newContext({
    baseURL: options.baseUrl,
    viewport: { width: options.width ?? 360, height: options.height ?? 740 },
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  });
  await context.addCookies([
    { name: 'linli-lang', value: options.language ?? 'en', url: options.baseUrl },
    { name: 'linli-mode', value: options.mode ?? 'normal', url: options.baseUrl },
  ]);
  const errors: string[] = [];
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => errors.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && /Content.Security.Policy|Refused to/i.test(text))
      errors.push(`policy: ${text}`);
  });
  return {
    page,
    context,
    errors,
    async close() {
      await context.close();
    },
  };
}

/** Saves what is on the screen below reports/screens/, to be looked at. */
export async function takePicture(person: Person, name: string): Promise<void> {
  const folder = path.resolve('reports/screens');
  await mkdir(folder, { recursive: true });
  await person.page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}
