import type { CommunitySettings, Position } from '../../../../src/shared/api-types.ts';
import { LANGUAGES, type Language, type LocalisedText } from '../../../../src/shared/vocabulary.ts';
import { minutesOf } from '../settings/day-minutes.ts';
import {
  centrePointOf,
  type CommunityDraft,
  type DayHours,
  type SetupDefaults,
  type SetupDraft,
} from './setup-input.ts';

/** Six decimals of a degree are ten centimetres: enough for a house, and a third of the bytes. */
const roundedTo6 = (value: number): number => Math.round(value * 1e6) / 1e6;

/**
 * What the set-up sends: the draft in the server's words. The draft has been checked step by step before.
 * @throws TypeError when it has not: without a centre point there is nothing to send.
 */
export function setupBodyOf(
  draft: SetupDraft,
  defaults: SetupDefaults,
  language: Language,
): Record<string, unknown> {
  return {
    setupCode: draft.setupCode.trim(),
    slug: draft.slug,
    administrator: {
      displayName: draft.administrator.displayName.trim(),
      signInName: draft.administrator.signInName.trim(),
      passphrase: draft.administrator.passphrase,
      language,
    },
    community: settingsOf(draft, defaults),
    buildings: buildingsOf(draft),
  };
}

/**
 * The settings of a checked draft; kinds and skills are taken from `lists`, in their order.
 * @throws TypeError without a centre point.
 */
export function settingsOf(draft: CommunityDraft, lists: SetupDefaults): CommunitySettings {
  const centrePoint = centrePointOf(draft);
  if (!centrePoint) throw new TypeError('settings are sent after their checks');
  return {
    name: Object.fromEntries(
      LANGUAGES.map((one) => [one, draft.name[one].trim()]).filter(([, name]) => name !== ''),
    ),
    languages: LANGUAGES.filter((one) => draft.languages.includes(one)),
    timeZone: draft.timeZone,
    secondTimeZone: draft.secondTimeZone === '' ? null : draft.secondTimeZone,
    centrePhone: draft.centrePhone.trim(),
    openingHours: draft.hours.flatMap(spansOf),
    holidays: draft.holidays
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    emergencyNumbers: draft.emergency
      .map(({ number, name }) => ({ number: number.trim(), name: withoutEmpty(name) }))
      .filter(({ number }) => number !== ''),
    centrePoint: [roundedTo6(centrePoint[0]), roundedTo6(centrePoint[1])],
    kindsOfHelp: lists.kindsOfHelp.filter(({ id }) => draft.kindIds.includes(id)),
    skills: lists.skills.filter(({ id }) => draft.skillIds.includes(id)),
  };
}

/** The buildings of a draft, typed or read from a file. */
export function buildingsOf(draft: CommunityDraft): { list: Record<string, unknown>[] } {
  return {
    list: draft.buildings.map(({ name, households, zoneName, footprint }) => ({
      name,
      households,
      zone: zoneName,
      ...(footprint === null ? {} : { footprint: roundedShape(footprint.coordinates) }),
    })),
  };
}

/** The open spans of one day: from opening to closing, less the pauses that still lie between. */
function spansOf(
  { isOpen, from, to, pauses = [] }: DayHours,
  day: number,
): CommunitySettings['openingHours'] {
  const [start, end] = [minutesOf(from), endOf(to)];
  if (!isOpen || start === null || end === null) return [];
  const inside = pauses.filter((pause) => start < pause.from && pause.to < end);
  const starts = [start, ...inside.map((pause) => pause.to)];
  const ends = [...inside.map((pause) => pause.from), end];
  return starts.map((at, index) => ({ day, from: at, to: ends[index] ?? end }));
}

/** A time field cannot say 24:00: its last minute stands for the end of the day. */
function endOf(time: string): number | null {
  const minutes = minutesOf(time);
  return minutes === 24 * 60 - 1 ? 24 * 60 : minutes;
}

function withoutEmpty(text: LocalisedText): LocalisedText {
  return Object.fromEntries(Object.entries(text).filter(([, words]) => words.trim() !== ''));
}

function roundedShape(coordinates: readonly (readonly Position[])[]): {
  type: 'Polygon';
  coordinates: number[][][];
} {
  return { type: 'Polygon', coordinates: coordinates.map((ring) => ring.map((at) => at.map(roundedTo6))) };
}
