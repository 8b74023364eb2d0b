import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { LANGUAGES, type Language } from '../../src/shared/vocabulary.ts';
import { ok, type TestPerson } from '../support/people.ts';
import { givenRequest } from './acts.ts';
import { type Neighbour, type Neighbourhood, openNeighbourhood } from './neighbourhood.ts';

interface Screen {
  readonly name: string;
  readonly who: 'nobody' | 'resident' | 'volunteer' | 'staff' | 'administrator';
  readonly path: string;
  /** Words that stand on it once it is complete. */
  readonly shows: string;
}

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The narrowest phones; everything wider is easier. */
const WIDTHS = [320, 360] as const;

describe('the screens', function () {
  this.timeout(120_000);
  let hood: Neighbourhood;
  let people: Record<Exclude<Screen['who'], 'nobody'>, TestPerson>;
  let screens: readonly Screen[];

  before(async () => {
    hood = await openNeighbourhood();
    const { given } = hood.app;
    const resident = await given.resident();
    people = {
      resident,
      volunteer: await given.volunteer(),
      staff: await given.staff(),
      administrator: await given.administrator(),
    };
    const { body } = await ok(
      people.staff.post('/accounts', {
        phoneOnly: true,
        displayName: 'Grandmother Hu',
        phone: '0903 2512399',
        language: 'zh-CN',
      }),
      201,
    );
    const forHu = await givenRequest(people.staff, {
      beneficiaryId: (body as { id: string }).id,
      kindId: 'something-else',
      title: 'Rice',
    });
    // She is told by phone that it was approved.
    await ok(people.administrator.post(`/help-requests/${forHu.id}/approve`), 200);
    const request = await givenRequest(resident, { title: 'Milk, bread and a newspaper' });
    const waiting = await givenRequest(resident, {
      kindId: 'something-else',
      title: 'Water my plants',
      text: 'Call 139 0000 1234 first.',
    });
    await hood.settle();
    screens = [
      { name: 'start', who: 'nobody', path: '/', shows: 'board.start.title' },
      { name: 'board', who: 'volunteer', path: '/', shows: request.title },
      { name: 'ask', who: 'resident', path: '/ask/what', shows: 'ask.what.title' },
      { name: 'request', who: 'resident', path: `/r/${request.id}`, shows: 'request.timeline.title' },
      { name: 'mine', who: 'volunteer', path: '/me', shows: 'mine.offer.accept' },
      {
        name: 'review',
        who: 'staff',
        path: `/staff/review?request=${waiting.id}`,
        shows: 'staff.review.approve',
      },
      { name: 'desk', who: 'staff', path: `/staff/requests/${request.id}`, shows: 'staff.waves.title' },
      { name: 'calls', who: 'staff', path: '/staff/calls', shows: 'staff.calls.told' },
      { name: 'write-down', who: 'staff', path: '/staff/people/new', shows: 'staff.people.writeDoor' },
      {
        name: 'community',
        who: 'administrator',
        path: '/staff/community',
        shows: 'setup.community.emergencyAdd',
      },
    ];
  });
  after(async () => {
    await hood.close();
  });
  afterEach(async function () {
    await hood.leave(this.currentTest);
  });

  for (const language of LANGUAGES) {
    for (const mode of ['normal', 'elder'] as const) {
      it(`are accessible and fit narrow phones in ${language}, ${mode} view`, async () => {
        const seats = await takeSeats(language, mode);
        const findings: string[] = [];
        for (const screen of screens) {
          const seat = seats[screen.who];
          await open(seat, screen);
          findings.push(...(await sidewaysScroll(seat, screen)), ...(await violations(seat, screen)));
          await seat.picture(`${screen.name}-${language}-${mode}`);
        }
        expect(findings).to.deep.equal([]);
      });
    }
  }

  async function takeSeats(
    language: Language,
    mode: 'normal' | 'elder',
  ): Promise<Record<Screen['who'], Neighbour>> {
    const take = async (who: TestPerson | null): Promise<Neighbour> => {
      if (who !== null) await ok(who.put('/me/settings', { language, mode }), 200);
      const seat = await hood.seat(who, { language, mode });
      // Not subject to the content policy, which stays in force for the page itself.
      await seat.context.addInitScript({ content: AXE });
      return seat;
    };
    return {
      nobody: await take(null),
      resident: await take(people.resident),
      volunteer: await take(people.volunteer),
      staff: await take(people.staff),
      administrator: await take(people.administrator),
    };
  }
});

async function open({ page, t }: Neighbour, { path, shows }: Screen): Promise<void> {
  await page.goto(path);
  const words = /^[a-z]+\.[\w.]+$/.test(shows) ? t(shows) : shows;
  await page.getByText(words).filter({ visible: true }).first().waitFor();
}

/** Every width at which the page is wider than the screen. */
async function sidewaysScroll({ page }: Neighbour, { name }: Screen): Promise<string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 740 });
    const needed = await page.evaluate<number>('document.scrollingElement.scrollWidth');
    if (needed > width) found.push(`${name}: ${needed} px wide at ${width}`);
  }
  return found;
}

async function violations({ page }: Neighbour, { name }: Screen): Promise<string[]> {
  const found = await page.evaluate<Finding[]>(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${name}: ${id} ${target.join(' ')} ${failureSummary}`),
  );
}
