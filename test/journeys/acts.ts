import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import { DEFAULT_KINDS } from '../../src/communities/default-kinds.ts';
import type { HelpRequestInput, HelpRequestView, Page } from '../../src/shared/api-types.ts';
import type { TestPerson } from '../support/people.ts';
import { ok } from '../support/people.ts';
import type { Neighbour } from './neighbourhood.ts';

/** A button or a link that looks like one, by its words. */
export function button({ page }: Neighbour, words: string): Locator {
  return page.getByRole('button', { name: words, exact: true });
}

export function link({ page }: Neighbour, words: string): Locator {
  return page.getByRole('link', { name: words, exact: true });
}

/** Waits until the words stand on the screen. */
export async function reads({ page }: Neighbour, words: string): Promise<void> {
  await page.getByText(words).filter({ visible: true }).first().waitFor();
}

/** Waits for the heading of a screen. */
export async function arrivesAt({ page }: Neighbour, heading: string): Promise<void> {
  await page.getByRole('heading', { name: heading, exact: true }).first().waitFor();
}

/** Signs in on the screen, as anybody does. */
export async function signIn(neighbour: Neighbour, who: TestPerson): Promise<void> {
  const { page, t } = neighbour;
  await page.goto('/sign-in');
  await page.getByLabel(t('account.signIn.name')).fill(who.signInName);
  await page.locator('#passphrase').fill(who.passphrase);
  await button(neighbour, t('account.signIn.submit')).click();
  await page.waitForURL((url) => url.pathname === '/');
}

export interface Wanted {
  readonly kindId: string;
  readonly title: string;
  readonly text: string;
}

/** The three steps and the check, from the tab to the button "Send", which is not pressed yet. */
export async function writeRequest(neighbour: Neighbour, wanted: Wanted): Promise<void> {
  await chooseKind(neighbour, wanted.kindId);
  await describe(neighbour, wanted);
  await chooseSoon(neighbour);
}

/** Step 1: opens "Ask" and chooses what it is about. */
export async function chooseKind(neighbour: Neighbour, kindId: string): Promise<void> {
  const { page, t, say } = neighbour;
  const kind = DEFAULT_KINDS.find(({ id }) => id === kindId);
  expect(kind, kindId).to.not.equal(undefined);
  await page
    .getByRole('navigation', { name: t('shell.mainNavigation') })
    .getByRole('link', { name: t('shell.ask'), exact: true })
    .click();
  await arrivesAt(neighbour, t('ask.what.title'));
  const name = say(kind?.name ?? {});
  const main = page.getByRole('main');
  await main
    .getByRole('radio', { name })
    .or(main.getByRole('button', { name, exact: true }))
    .first()
    .click();
  await button(neighbour, t('ask.next')).click();
  await arrivesAt(neighbour, t('ask.details.title'));
}

/** Step 2: says it in one line and a little more. */
async function describe(neighbour: Neighbour, { title, text }: Wanted): Promise<void> {
  const { page, t } = neighbour;
  await page.getByLabel(t('ask.details.titleLabel')).fill(title);
  await page.getByLabel(t('ask.details.text')).fill(text);
  await button(neighbour, t('ask.next')).click();
  await arrivesAt(neighbour, t('ask.where.title'));
}

/** Step 3: the saved home, as soon as possible. */
async function chooseSoon(neighbour: Neighbour): Promise<void> {
  const { page, t } = neighbour;
  await reads(neighbour, t('ask.where.saved'));
  await page.getByText(t('ask.when.asap'), { exact: true }).click();
  await button(neighbour, t('ask.next')).click();
  await arrivesAt(neighbour, t('ask.check.title'));
}

/** Accepts the offer that lies on the screen "Mine". */
export async function acceptOffer(neighbour: Neighbour): Promise<void> {
  await button(neighbour, neighbour.t('mine.offer.accept')).click();
}

/** Asks through the API, for journeys that begin later. */
export async function givenRequest(
  author: TestPerson,
  wish: Partial<HelpRequestInput> = {},
): Promise<HelpRequestView> {
  const answer = await ok(
    author.post('/help-requests', {
      kindId: 'shopping',
      title: 'Milk and bread',
      text: 'Two litres of milk, please.',
      urgency: 'normal',
      when: { asap: true, windows: [] },
      language: 'en',
      submit: true,
      ...wish,
    }),
    201,
  );
  return answer.body as HelpRequestView;
}

/** The request as one person reads it now. */
export async function readRequest(who: TestPerson, id: string): Promise<HelpRequestView> {
  return (await ok(who.get(`/help-requests/${id}`), 200)).body as HelpRequestView;
}

/** What a person asked for, as the service has it. */
export async function requestsOf(who: TestPerson): Promise<HelpRequestView[]> {
  const page = (await ok(who.get('/help-requests?view=mine'), 200)).body as Page<HelpRequestView>;
  return page.items;
}
