import type { Community } from '../communities/community-types.ts';
import { AppError, type FieldError } from '../errors.ts';
import type { HelpRequestInput } from '../shared/api-types.ts';
import { findPrivateDetails } from '../shared/text-warnings.ts';
import { LIMITS } from '../shared/limits.ts';
import { DAY } from './request-times.ts';
import type { RequestContent, StoredPlace } from './request-types.ts';

/** Windows lie within the coming year, one is at most two days long. */
const FARTHEST_MS = 366 * DAY;
const LONGEST_WINDOW_MS = 2 * DAY;

/**
 * What an input says, checked against the centre's lists and the calendar. Throws `invalid-input` with every bad
 * field. Windows come out in the order of time. Pure.
 */
export function contentOf(
  input: HelpRequestInput,
  community: Community,
  place: StoredPlace,
  buildingId: string | null,
  now: Date,
): RequestContent {
  const kind = community.kindsOfHelp.find(({ id }) => id === input.kindId);
  const errors: FieldError[] = [];
  if (kind === undefined)
    errors.push(error('/kindId', 'unknown', 'This kind of help is not in the list of the centre.'));
  const skillIds = input.skillIds ?? kind?.defaultSkillIds ?? [];
  skillIds.forEach((skillId, at) => {
    if (community.skills.some(({ id }) => id === skillId)) return;
    if (input.skillIds !== undefined)
      errors.push(error(`/skillIds/${at}`, 'unknown', 'This skill is not in the list of the centre.'));
  });
  errors.push(...windowErrors(input, now));
  if (kind === undefined || errors.length > 0) {
    throw new AppError('invalid-input', 'Some fields need another value.', { errors });
  }
  const constraints = input.constraints ?? { genderWish: null, twoHelpers: false, noHomeEntry: false };
  return {
    kindId: kind.id,
    tier: kind.tier,
    title: input.title.trim(),
    text: input.text.trim(),
    language: input.language,
    skillIds: skillIds.filter((skillId) => community.skills.some(({ id }) => id === skillId)),
    urgency: input.urgency,
    asap: input.when.asap,
    windows: input.when.asap ? [] : windowsOf(input),
    minutes: input.minutes ?? kind.usualMinutes,
    languages: input.languages ?? [],
    constraints: {
      genderWish: constraints.genderWish,
      twoHelpers: constraints.twoHelpers,
      noHomeEntry: constraints.noHomeEntry,
    },
    buildingId,
    place,
    needed: Math.min(
      LIMITS.helpersNeededMax,
      Math.max(input.helpersNeeded ?? 1, constraints.twoHelpers ? 2 : 1),
    ),
  };
}

function windowsOf(input: HelpRequestInput): { from: Date; to: Date }[] {
  return input.when.windows
    .map(({ from, to }) => ({ from: new Date(from), to: new Date(to) }))
    .sort((a, b) => a.from.getTime() - b.from.getTime());
}

function windowErrors(input: HelpRequestInput, now: Date): FieldError[] {
  if (input.when.asap) return [];
  if (input.when.windows.length === 0) {
    return [error('/when/windows', 'missing', 'Say when, or choose "as soon as possible".')];
  }
  return input.when.windows.flatMap((window, at): FieldError[] => {
    const from = new Date(window.from).getTime();
    const to = new Date(window.to).getTime();
    const pointer = `/when/windows/${at}/to`;
    if (to <= from) return [error(pointer, 'order', 'A time ends after it begins.')];
    if (to <= now.getTime()) return [error(pointer, 'past', 'This time is over.')];
    if (from > now.getTime() + FARTHEST_MS) return [error(pointer, 'far', 'This is more than a year away.')];
    if (to - from > LONGEST_WINDOW_MS) return [error(pointer, 'long', 'One time is at most two days long.')];
    return [];
  });
}

function error(pointer: string, code: string, detail: string): FieldError {
  return { pointer, code, detail };
}

/**
 * Whether a request goes on the board at once and is looked at after: everything critical, and what is of small
 * risk, needs no review by its kind and shows nothing private, from people the centre has admitted.
 */
export function goesLiveAtOnce(content: RequestContent, community: Community, isKnown: boolean): boolean {
  if (content.urgency === 'critical') return true;
  const kind = community.kindsOfHelp.find(({ id }) => id === content.kindId);
  if (kind === undefined || kind.needsReview || content.tier > 1 || !isKnown) return false;
  return warningsOf(content).length === 0;
}

/** What looks private in title and text. */
export function warningsOf(
  content: Pick<RequestContent, 'title' | 'text'>,
): { field: 'title' | 'text'; kind: 'phone' | 'door' | 'id_number'; start: number; end: number }[] {
  return (['title', 'text'] as const).flatMap((field) =>
    findPrivateDetails(content[field]).map(({ kind, start, end }) => ({ field, kind, start, end })),
  );
}
