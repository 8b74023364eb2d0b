import type {
  AssignedHelperView,
  HelpRequestCard,
  HelpRequestView,
  Position,
  TimelineEntryView,
  VisitDetails,
} from '../shared/api-types.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Language } from '../shared/vocabulary.ts';
import { codeWord } from './code-word.ts';
import { offerTo, slotOf, takenOverAt } from './request-facts.ts';
import { CARD_FIELDS, REQUEST_FIELDS } from './request-fields.ts';
import { allowedOperations, type RequestRelation } from './request-policy.ts';
import type { HelpRequestRecord, TimelineEntry } from './request-types.ts';

/** What the view of a helper in a slot needs to know. */
export interface HelperNote {
  readonly displayName: string;
  readonly verifiedSkillIds: readonly string[];
  readonly languages: readonly Language[];
}

/** One reader's view of one request: everything that the record itself does not hold. */
export interface Lens {
  readonly readerId: string;
  readonly relations: readonly RequestRelation[];
  readonly now: Date;
  /** Distance between both public places, already rounded; null when unknown. */
  readonly aboutMetres: number | null;
  readonly canVolunteer: boolean;
  readonly authorName: string;
  readonly helpers: ReadonlyMap<string, HelperNote>;
  /** Opened for the person themselves; null: not opened for this reading. */
  readonly visit: VisitDetails | null;
}

type Values = {
  readonly [F in keyof Required<HelpRequestView>]: (
    request: HelpRequestRecord,
    lens: Lens,
  ) => HelpRequestView[F] | undefined;
};

const iso = (date: Date): string => date.toISOString();
const isoOrNull = (date: Date | null): string | null => (date === null ? null : date.toISOString());

const VALUES: Values = {
  id: (request) => request._id,
  shortNumber: (request) => request.shortNumber,
  kindId: (request) => request.kindId,
  title: (request) => request.title,
  language: (request) => request.language,
  urgency: (request) => request.urgency,
  status: (request) => request.status,
  when: ({ asap, windows }) => ({
    asap,
    windows: windows.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
  }),
  place: ({ place }) => ({ id: place.id, kind: place.kind, name: place.name, point: place.point }),
  aboutMetres: (_, lens) => lens.aboutMetres,
  helpersNeeded: (request) => request.needed,
  helpersFound: (request) => request.taken,
  isReviewed: (request) => request.isReviewed,
  createdAt: (request) => iso(request.createdAt),
  openedAt: (request) => isoOrNull(request.openedAt),
  canVolunteer: (_, lens) => lens.canVolunteer,
  text: (request) => request.text,
  skillIds: (request) => [...request.skillIds],
  minutes: (request) => request.minutes,
  languages: (request) => [...request.languages],
  constraints: ({ constraints }) => ({
    genderWish: constraints.genderWish,
    twoHelpers: constraints.twoHelpers,
    noHomeEntry: constraints.noHomeEntry,
  }),
  relation: (_, lens) => [...lens.relations],
  nextAction: ({ nextAction }) => ({
    who: nextAction.who,
    dueAt: isoOrNull(nextAction.dueAt),
    ifLate: nextAction.ifLate,
  }),
  version: (request) => request.version,
  closingReason: (request) => request.closingReason,
  review: ({ review }) => (review.reason === null ? null : { reason: review.reason, note: review.note }),
  helpers: (request, lens) => presentHelpers(request, lens),
  codeWord: (request) => (request.slots.length === 0 ? undefined : codeWord(request.codeSeed)),
  authorName: (_, lens) => lens.authorName,
  wave: ({ wave }) =>
    wave === null
      ? null
      : { no: wave.no, told: wave.told, reached: wave.reached, closesAt: iso(wave.closesAt) },
  needsPerson: (request) =>
    request.needsPerson === null
      ? null
      : {
          reason: request.needsPerson.reason,
          since: iso(request.needsPerson.since),
          takenOverAt: isoOrNull(takenOverAt(request)),
        },
  allowed: (request, lens) => allowedOperations(request, lens.relations, lens.now),
  visit: (_, lens) => lens.visit ?? undefined,
  myMatchId: (request, lens) => offerTo(request, lens.readerId)?.matchId,
  myAssignmentId: (request, lens) => slotOf(request, lens.readerId)?.assignmentId,
  thanks: ({ thanks }) => (thanks === null ? null : { text: thanks.text, at: iso(thanks.at) }),
};

/** The only way out for a request: each field by the field table. */
export function presentRequest(request: HelpRequestRecord, lens: Lens): HelpRequestView {
  return presentFields(
    request,
    lens,
    Object.keys(REQUEST_FIELDS) as (keyof HelpRequestView)[],
  ) as HelpRequestView;
}

/** The card of the board. */
export function presentCard(request: HelpRequestRecord, lens: Lens): HelpRequestCard {
  return presentFields(request, lens, CARD_FIELDS) as HelpRequestCard;
}

function presentFields(
  request: HelpRequestRecord,
  lens: Lens,
  fields: readonly (keyof HelpRequestView)[],
): Partial<HelpRequestView> {
  const view: Partial<Record<keyof HelpRequestView, unknown>> = {};
  for (const field of fields) {
    const rule = REQUEST_FIELDS[field];
    const isForReader = rule.who.some((relation) => lens.relations.includes(relation));
    const value = isForReader ? VALUES[field](request, lens) : rule.others;
    if (value !== undefined) view[field] = value;
  }
  return view as Partial<HelpRequestView>;
}

function presentHelpers(request: HelpRequestRecord, lens: Lens): AssignedHelperView[] {
  return request.slots.map((slot) => {
    const note = lens.helpers.get(slot.helperId);
    return {
      assignmentId: slot.assignmentId,
      helperId: slot.helperId,
      displayName: note?.displayName ?? '',
      verifiedSkillIds: [...(note?.verifiedSkillIds ?? [])],
      languages: [...(note?.languages ?? [])],
      status: slot.status,
      startsAt: iso(slot.startsAt),
    };
  });
}

export function presentTimelineEntry({ id, at, type, actor, params }: TimelineEntry): TimelineEntryView {
  return { id, at: iso(at), type, actor, params: { ...params } };
}

/** Entries that are a helper's own part: the public steps of the request since they came, and their own. */
export function ownPart(entries: readonly TimelineEntry[], helperId: string): readonly TimelineEntry[] {
  return entries.filter(({ actorId }) => actorId === helperId);
}

/**
 * Distance between two public places for reading: great-circle metres, rounded up to the step, never 0, so that
 * it says no more than the places themselves do.
 */
export function aboutMetres(one: Position, other: Position): number {
  const radians = Math.PI / 180;
  const cos = (degrees: number): number => Math.cos(degrees * radians);
  const half = (degrees: number): number => Math.sin((degrees * radians) / 2) ** 2;
  const chord = half(other[1] - one[1]) + cos(one[1]) * cos(other[1]) * half(other[0] - one[0]);
  const metres = 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(chord)));
  return Math.max(
    LIMITS.aboutMetresStep,
    Math.ceil(metres / LIMITS.aboutMetresStep) * LIMITS.aboutMetresStep,
  );
}
