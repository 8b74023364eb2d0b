import type { CommunitySettingsView } from '../../../../src/shared/api-types.ts';
import { LANGUAGES, type LocalisedText } from '../../../../src/shared/vocabulary.ts';
import { clockOf } from '../settings/day-minutes.ts';
import { readTypedBuildings } from '../setup/building-list.ts';
import type { CommunityDraft, DayHours, SetupDefaults } from '../setup/setup-input.ts';

/** A text of the centre in the reader's language. */
type Say = (text: LocalisedText) => string;

const USUAL: Pick<DayHours, 'from' | 'to'> = { from: '10:00', to: '19:00' };

/** The settings as the fields hold them; buildings become the typed list, in the reader's language. */
export function draftOf(settings: CommunitySettingsView, say: Say): CommunityDraft {
  const [longitude, latitude] = settings.centrePoint;
  const typed = settings.buildings.map((building) => lineOf(building, say)).join('\n');
  return {
    name: {
      'zh-CN': settings.name['zh-CN'] ?? '',
      ug: settings.name.ug ?? '',
      en: settings.name.en ?? '',
    },
    languages: [...settings.languages],
    timeZone: settings.timeZone,
    secondTimeZone: settings.secondTimeZone ?? '',
    centrePhone: settings.centrePhone,
    hours: Array.from({ length: 7 }, (_, day) => hoursOf(settings, day)),
    holidays: settings.holidays.join('\n'),
    emergency: settings.emergencyNumbers.map(({ number, name }) => ({ number, name: { ...name } })),
    how: 'typed',
    typed,
    buildings: readTypedBuildings(typed).buildings,
    uploaded: null,
    longitude: String(longitude),
    latitude: String(latitude),
    kindIds: settings.kindsOfHelp.map(({ id }) => id),
    skillIds: settings.skills.map(({ id }) => id),
  };
}

function hoursOf({ openingHours }: CommunitySettingsView, day: number): DayHours {
  const spans = openingHours.filter((span) => span.day === day).sort((one, other) => one.from - other.from);
  const [first] = spans;
  const last = spans.at(-1);
  if (!first || !last) return { isOpen: false, ...USUAL };
  const pauses = spans.slice(1).map(({ from }, index) => ({ from: spans[index]?.to ?? from, to: from }));
  return { isOpen: true, from: clockOf(first.from), to: clockOf(last.to), pauses };
}

function lineOf({ name, households, zone }: CommunitySettingsView['buildings'][number], say: Say): string {
  const parts = [say(name), households === null ? '' : String(households), zone === null ? '' : say(zone)];
  return parts.join(', ').replace(/[, ]+$/, '');
}

/** What the switches stand for: the centre's own lists, then what it has not taken from the default ones. */
export function listsOf(settings: CommunitySettingsView, defaults: SetupDefaults): SetupDefaults {
  const withDefaults = <T extends { id: string }>(own: readonly T[], others: readonly T[]): T[] => [
    ...own,
    ...others.filter(({ id }) => !own.some((one) => one.id === id)),
  ];
  return {
    kindsOfHelp: withDefaults(settings.kindsOfHelp, defaults.kindsOfHelp),
    skills: withDefaults(settings.skills, defaults.skills),
  };
}

/** Parts of the page; each is saved only when something in it was changed. */
export type DraftKey = keyof CommunityDraft;
/** What `replaceBuildings` writes; everything else is written by `updateCommunity`. `buildings` follows from these. */
const BUILDING_KEYS: readonly DraftKey[] = ['how', 'typed', 'uploaded'];
const DERIVED: readonly DraftKey[] = ['buildings'];

/** Which fields differ; the buildings are told by what was typed or uploaded. */
export function changedKeys(before: CommunityDraft, now: CommunityDraft): DraftKey[] {
  const keys = Object.keys(now) as DraftKey[];
  return keys.filter((key) => !DERIVED.includes(key) && !isSame(before[key], now[key]));
}

/** Whether the changed fields ask for the settings to be written, and for the list of buildings. */
export function writesOf(changed: readonly DraftKey[]): { settings: boolean; buildings: boolean } {
  return {
    settings: changed.some((key) => !BUILDING_KEYS.includes(key)),
    buildings: changed.some((key) => BUILDING_KEYS.includes(key)),
  };
}

/**
 * Somebody else saved meanwhile: what was typed here stays, every other field becomes what they wrote. `clashes` are
 * the fields that both changed, to different values.
 */
export function mergeDrafts(
  before: CommunityDraft,
  mine: CommunityDraft,
  theirs: CommunityDraft,
): { draft: CommunityDraft; clashes: DraftKey[] } {
  const own = changedKeys(before, mine);
  const clashes = own.filter((key) => !isSame(before[key], theirs[key]) && !isSame(mine[key], theirs[key]));
  const kept = Object.fromEntries(own.map((key) => [key, mine[key]]));
  const draft: CommunityDraft = { ...theirs, ...kept };
  const reading = draft.how === 'typed' ? readTypedBuildings(draft.typed) : draft.uploaded;
  return { draft: { ...draft, buildings: reading?.buildings ?? [] }, clashes };
}

/** Names of buildings that stand in the settings and no longer in the list, in any language. */
export function goneBuildings(settings: CommunitySettingsView, names: readonly string[]): LocalisedText[] {
  const kept = new Set(names.map((name) => name.trim()));
  return settings.buildings
    .map(({ name }) => name)
    .filter(
      (name) => !LANGUAGES.some((language) => kept.has(name[language] ?? '')) && !isNumbered(name, kept),
    );
}

/** A building typed as a bare number is named by the server: `6` is `6号楼` and `Building 6`. */
function isNumbered(name: LocalisedText, kept: ReadonlySet<string>): boolean {
  const number = /^Building (\d{1,4})$/.exec(name.en ?? '')?.[1];
  return number !== undefined && kept.has(number);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
