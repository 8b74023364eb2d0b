import type { CandidatesView, HelpRequestInput, HelpRequestView } from '../shared/api-types.ts';
import { NeighbourProblem, type Neighbour } from './neighbour-client.ts';
import { SAMPLE_REQUESTS, type SampleRequest } from './request-texts.ts';
import type { SeededRandom } from './seeded-random.ts';

/** How far a sample request has come when the demo opens. */
const ENDINGS = [
  'completed',
  'cancelled',
  'rejected',
  'unmet',
  'nobody_came',
  'disputed',
  'awaiting_confirmation',
  'returned',
  'in_progress',
  'assigned',
  'matching',
  'pending_review',
  'draft',
] as const;
export type Ending = (typeof ENDINGS)[number];

/** About 60 requests over three days, in the order in which they were asked: what is old is done, what is new is open. */
export const SAMPLE_PAST: readonly { readonly ending: Ending; readonly hoursAgo: number }[] = buildPast();

function buildPast(): { ending: Ending; hoursAgo: number }[] {
  const past: { ending: Ending; hoursAgo: number }[] = [];
  const add = (ending: Ending, count: number, from: number, to: number): void => {
    for (let index = 0; index < count; index += 1) {
      past.push({ ending, hoursAgo: from + ((to - from) * index) / Math.max(1, count) });
    }
  };
  add('completed', 18, 70, 6);
  add('cancelled', 3, 60, 10);
  add('rejected', 2, 50, 20);
  add('unmet', 2, 48, 22);
  add('disputed', 1, 30, 30);
  add('nobody_came', 2, 9, 4);
  add('awaiting_confirmation', 4, 5.5, 2);
  add('returned', 2, 3.2, 1.4);
  add('in_progress', 5, 1.9, 0.9);
  add('assigned', 6, 1.3, 0.5);
  add('matching', 8, 0.24, 0.02);
  add('pending_review', 6, 0.2, 0.01);
  add('draft', 2, 0.4, 0.1);
  return past.sort((one, other) => other.hoursAgo - one.hoursAgo);
}

export interface SeedDeps {
  readonly now: Date;
  readonly random: SeededRandom;
  readonly neighbour: (accountId: string) => Neighbour;
  readonly staffIds: readonly string[];
  readonly askers: readonly { readonly accountId: string; readonly language: string }[];
  readonly kindNeedsReview: (kindId: string) => boolean;
  /** Moves the clock to this instant and lets everything that is due happen. */
  readonly liveUntil: (instant: Date) => Promise<void>;
  readonly report: (done: number, of: number) => void;
}

const MINUTE_MS = 60_000;

/** Lives through the sample past over the API, as real people would. Returns how many requests there are. */
export async function seedRequests(deps: SeedDeps): Promise<number> {
  let done = 0;
  for (const { ending, hoursAgo } of SAMPLE_PAST) {
    await deps.liveUntil(new Date(deps.now.getTime() - hoursAgo * 60 * MINUTE_MS));
    try {
      await liveOne(deps, ending, deps.now.getTime() - hoursAgo * 60 * MINUTE_MS);
    } catch (error) {
      // The rules of the house hold for the past too: what they refuse did not happen.
      if (!(error instanceof NeighbourProblem)) throw error;
    }
    done += 1;
    deps.report(done, SAMPLE_PAST.length);
  }
  await deps.liveUntil(deps.now);
  return done;
}

async function liveOne(deps: SeedDeps, ending: Ending, startedAt: number): Promise<void> {
  const { random, neighbour } = deps;
  const asker = random.pick(deps.askers);
  const author = neighbour(asker.accountId);
  const staff = neighbour(random.pick(deps.staffIds));
  let minutes = 0;
  const later = async (more: number): Promise<void> => {
    minutes += more;
    await deps.liveUntil(new Date(Math.min(startedAt + minutes * MINUTE_MS, deps.now.getTime())));
  };
  const sample = sampleFor(deps, asker.language, ending);
  const request = await author.post<HelpRequestView>('/help-requests', inputOf(sample, ending !== 'draft'));
  const path = `/help-requests/${request.id}`;
  if (ending === 'draft' || ending === 'pending_review') return;
  if (ending === 'returned') {
    await later(3);
    await staff.post(`${path}/return`, { reason: 'needs_more_detail', note: null });
    return;
  }
  if (ending === 'rejected') {
    await later(6);
    await staff.post(`${path}/reject`, { reason: 'paid_work', note: null });
    return;
  }
  // Most of what went live at once has been looked at since; the newest waits at the desk.
  if (request.status === 'pending_review' || ending !== 'matching') {
    await later(2);
    await staff.post(`${path}/approve`);
  }
  if (ending === 'cancelled') {
    await later(4);
    await author.post(`${path}/cancel`, { reason: 'solved_elsewhere', note: null });
    return;
  }
  if (ending === 'unmet') {
    await later(4);
    await staff.post(`${path}/give-up`, { note: null });
    return;
  }
  if (ending === 'matching' || ending === 'nobody_came') return;
  await letComeAndHelp({ deps, ending, author, staff, path, later });
}

interface Visit {
  readonly deps: SeedDeps;
  readonly ending: Ending;
  readonly author: Neighbour;
  readonly staff: Neighbour;
  readonly path: string;
  readonly later: (minutes: number) => Promise<void>;
}

async function letComeAndHelp({ deps, ending, author, staff, path, later }: Visit): Promise<void> {
  await later(1);
  const helperIds = await acceptAll({ deps, staff, path, later });
  if (ending === 'assigned' || helperIds.length === 0) return;
  await later(8);
  const seen = await staff.get<HelpRequestView>(path);
  for (const { assignmentId, helperId } of seen.helpers ?? []) {
    await deps.neighbour(helperId).post(`/assignments/${assignmentId}/check-in`);
  }
  if (ending === 'in_progress') return;
  await later(14);
  for (const { assignmentId, helperId } of seen.helpers ?? []) {
    await deps.neighbour(helperId).post(`/assignments/${assignmentId}/complete`);
  }
  if (ending === 'awaiting_confirmation') return;
  await later(3);
  if (ending === 'disputed') {
    await author.post(`${path}/dispute`, { note: '…' });
    return;
  }
  await author.post(`${path}/confirm`);
  if (deps.random.chance(0.6)) await author.post(`${path}/thanks`, { text: '❤' });
}

/** Asked helpers accept, some after somebody else said no, until the request has everybody it needs. */
async function acceptAll({ deps, staff, path, later }: Omit<Visit, 'ending' | 'author'>): Promise<string[]> {
  const accepted: string[] = [];
  for (let round = 0; round < 6; round += 1) {
    const { candidates } = await staff.get<CandidatesView>(`${path}/candidates`);
    const open = candidates.flatMap(({ helperId, match }) =>
      match?.status === 'notified' ? [{ helperId, match }] : [],
    );
    const next = open[0];
    if (next === undefined) return accepted;
    const isDeclined = round === 0 && open.length > 1 && deps.random.chance(0.25);
    await later(1);
    await deps
      .neighbour(next.helperId)
      .post(`/matches/${next.match.id}/${isDeclined ? 'decline' : 'accept'}`);
    if (!isDeclined) accepted.push(next.helperId);
    const seen = await staff.get<HelpRequestView>(path);
    if (seen.helpersFound >= seen.helpersNeeded) return accepted;
  }
  return accepted;
}

function sampleFor({ random, kindNeedsReview }: SeedDeps, language: string, ending: Ending): SampleRequest {
  const wantsReview = ending === 'pending_review' || ending === 'returned' || ending === 'rejected';
  const fitting = SAMPLE_REQUESTS.filter((sample) => kindNeedsReview(sample.kindId) === wantsReview);
  const inLanguage = fitting.filter((sample) => sample.language === language);
  return random.pick(inLanguage.length > 0 ? inLanguage : fitting);
}

function inputOf(sample: SampleRequest, submit: boolean): HelpRequestInput {
  return {
    kindId: sample.kindId,
    title: sample.title,
    text: sample.text,
    urgency: sample.urgency,
    when: { asap: true, windows: [] },
    minutes: sample.minutes,
    helpersNeeded: sample.helpersNeeded ?? 1,
    language: sample.language,
    submit,
  };
}
