import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import type { Language } from '../../src/shared/vocabulary.ts';
import { seatPerson, startBrowser, takePicture, type Person } from '../support/browser.ts';
import type { PersonClient } from '../support/person-client.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { wordsOf, type Words } from './words.ts';

/** Somebody in front of a screen, with the words of their language. */
export interface Neighbour extends Person, Words {
  /** Keeps a picture when LINLI_PICTURES=1. */
  picture(name: string): Promise<void>;
}

export interface SeatOptions {
  readonly language?: Language;
  readonly mode?: 'normal' | 'elder';
  readonly width?: number;
  readonly height?: number;
  /** Where the visit begins; nothing is opened without it. */
  readonly path?: string;
}

/** One real service, one real browser, and a clock that service and screens share. */
export interface Neighbourhood {
  readonly app: TestApp;
  /** A new browser profile; with a client it holds that person's session. */
  seat(who: Pick<PersonClient, 'cookie'> | null, options?: SeatOptions): Promise<Neighbour>;
  /** Runs what is due now, and waits until everybody who is to be told has been told. */
  settle(): Promise<void>;
  /** Moves the clock of the service and of every screen, then settles. */
  pass(ms: number): Promise<void>;
  /**
   * Everybody leaves; fails when a page broke or the content policy had to refuse something. After a failed journey it
   * first prints what stood on the screens and what the service logged.
   */
  leave(journey?: { readonly state?: string | undefined }): Promise<void>;
  close(): Promise<void>;
}

const DESK = { width: 1280, height: 900 } as const;
export const AT_DESK = DESK;

/** Opens the built client on a fresh service (LINLI_CLIENT_DIST: another build). Close it in `after`. */
export async function openNeighbourhood(): Promise<Neighbourhood> {
  const clientDir =
    process.env['LINLI_CLIENT_DIST'] ?? fileURLToPath(new URL('../../client/dist', import.meta.url));
  expect(existsSync(`${clientDir}/index.html`), 'client/dist is built (npm run build)').to.equal(true);
  const browser = await startBrowser();
  const app = await startTestApp({ clientDir }).catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  const seated = new Set<Neighbour>();

  async function settle(): Promise<void> {
    // Told people may make timers due (a wave that reached nobody), so once more.
    for (let round = 0; round < 2; round += 1) {
      await app.house.jobs.tick('due-timers');
      await app.house.relay.idle();
    }
  }

  return {
    app,
    settle,
    async seat(who, options = {}) {
      const neighbour = await takeSeat({ browser, app, who, options });
      seated.add(neighbour);
      return neighbour;
    },
    async pass(ms) {
      app.clock.advance(ms);
      await Promise.all([...seated].map(({ page }) => page.clock.setFixedTime(app.clock.now())));
      await settle();
    },
    async leave(journey) {
      if (journey?.state === 'failed') await tell([...seated], app.logs);
      const errors = [...seated].flatMap((neighbour) => neighbour.errors);
      await Promise.all([...seated].map((neighbour) => neighbour.close()));
      seated.clear();
      expect(errors).to.deep.equal([]);
    },
    async close() {
      await browser.close();
      await app.stop();
    },
  };
}

async function takeSeat({
  browser,
  app,
  who,
  options,
}: {
  browser: Browser;
  app: TestApp;
  who: Pick<PersonClient, 'cookie'> | null;
  options: SeatOptions;
}): Promise<Neighbour> {
  const { path, language = 'en', ...look } = options;
  const person = await seatPerson(browser, { baseUrl: app.baseUrl, language, ...look });
  await person.page.clock.setFixedTime(app.clock.now());
  if (who !== null) await person.context.addCookies(cookiesOf(who.cookie(), app.baseUrl));
  const neighbour: Neighbour = {
    ...person,
    ...wordsOf(language),
    async picture(name) {
      if (process.env['LINLI_PICTURES'] === '1') await takePicture(person, name);
    },
  };
  if (path !== undefined) await person.page.goto(path);
  return neighbour;
}

async function tell(seated: readonly Neighbour[], logs: readonly string[]): Promise<void> {
  for (const { page } of seated) {
    const text = await page.locator('body').innerText();
    console.error(`--- ${page.url()}\n${text.replaceAll(/\n\s*\n/g, '\n')}`);
  }
  console.error(logs.slice(-10).join('\n'));
}

function cookiesOf(header: string, url: string): { name: string; value: string; url: string }[] {
  return header
    .split('; ')
    .filter((pair) => pair.includes('='))
    .map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url };
    });
}
