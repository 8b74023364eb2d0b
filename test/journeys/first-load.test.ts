import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { LANGUAGES, type Language } from '../../src/shared/vocabulary.ts';
import { ok, type TestPerson } from '../support/people.ts';
import { givenRequest } from './acts.ts';
import { type Neighbourhood, openNeighbourhood } from './neighbourhood.ts';

const BUDGET = 45_000;

/** The gate of test/client/first-load.test.ts counts files of the build; this one counts what a browser asks for. */
describe('the first load of / on the wire', function () {
  this.timeout(60_000);
  let hood: Neighbourhood;
  let neighbour: TestPerson;
  const TITLE = 'Milk and bread';

  before(async () => {
    hood = await openNeighbourhood();
    const court = await hood.app.given.community();
    neighbour = await court.resident();
    await givenRequest(await court.resident(), { title: TITLE });
    await hood.settle();
  });
  after(async () => {
    await hood.close();
  });
  afterEach(async function () {
    await hood.leave(this.currentTest);
  });

  for (const language of LANGUAGES) {
    it(`is at most 45,000 bytes of script and style in ${language}, signed out and signed in`, async () => {
      const signedOut = await bytesUntil(null, language, 'board.start.signIn');
      expect(signedOut, 'signed out').to.be.within(20_000, BUDGET);
      await ok(neighbour.put('/me/settings', { language, mode: 'normal' }), 200);
      const signedIn = await bytesUntil(neighbour, language, TITLE);
      expect(signedIn, 'signed in').to.be.within(20_000, BUDGET);
    });
  }

  /** Bytes after gzip of every script and style that was asked for until the words stand on the screen. */
  async function bytesUntil(who: TestPerson | null, language: Language, words: string): Promise<number> {
    const { page, t } = await hood.seat(who, { language });
    // The idle moment is put off, so that what belongs to it is not counted by chance.
    await page.addInitScript('globalThis.requestIdleCallback = () => 0');
    const sizes: Promise<number>[] = [];
    page.on('response', (answer) => {
      const isCode = /javascript|css/.test(answer.headers()['content-type'] ?? '');
      if (isCode) sizes.push(answer.body().then((body) => gzipSync(body, { level: 9 }).byteLength));
    });
    await page.goto('/');
    await page
      .getByText(words.includes('.') ? t(words) : words)
      .filter({ visible: true })
      .first()
      .waitFor();
    await page.waitForLoadState('networkidle');
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }
});
