import type { KindOfHelpView, Position, SkillView } from '../../../../src/shared/api-types.ts';
import type { Language, LocalisedText } from '../../../../src/shared/vocabulary.ts';
import type { BuildingDraft, BuildingReading } from './building-list.ts';

export interface DayHours {
  isOpen: boolean;
  from: string;
  to: string;
  /** When the centre shuts in between, in minutes of the day; kept as the server has it. */
  pauses?: { from: number; to: number }[];
}

export interface EmergencyDraft {
  number: string;
  name: LocalisedText;
  /** Added on this page: its name is typed beside it. */
  isOwn?: boolean;
}

/** What the centre says about itself, as the fields hold it: at the first start and later. */
export interface CommunityDraft {
  name: Record<Language, string>;
  languages: Language[];
  timeZone: string;
  /** Empty: one clock only. */
  secondTimeZone: string;
  centrePhone: string;
  /** Monday first. */
  hours: DayHours[];
  /** One day a line. */
  holidays: string;
  emergency: EmergencyDraft[];
  how: 'typed' | 'file';
  typed: string;
  buildings: BuildingDraft[];
  /** What the map file held; null while there is none. */
  uploaded: BuildingReading | null;
  longitude: string;
  latitude: string;
  kindIds: string[];
  skillIds: string[];
}

/** Everything that is typed at the first start. */
export interface SetupDraft extends CommunityDraft {
  setupCode: string;
  administrator: { displayName: string; signInName: string; passphrase: string };
  slug: string;
}

/** The default lists that the server offers, in three languages. */
export interface SetupDefaults {
  kindsOfHelp: KindOfHelpView[];
  skills: SkillView[];
}

/** The lines of the holidays field that are no day of the calendar, counted from 1; empty lines are skipped. */
export function wrongHolidayLines(text: string): number[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const day = line.trim();
    if (day === '') return [];
    const at = new Date(`${day}T00:00:00Z`);
    const isDay =
      /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Number(at)) && at.toISOString().startsWith(day);
    return isDay ? [] : [index + 1];
  });
}

/** The centre's own point as typed, or null while it is not a position. */
export function centrePointOf(draft: { longitude: string; latitude: string }): Position | null {
  const [longitude, latitude] = [draft.longitude, draft.latitude].map((text) =>
    text.trim() === '' ? Number.NaN : Number(text.trim()),
  ) as [number, number];
  const isOnEarth = Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
  return isOnEarth && !(longitude === 0 && latitude === 0) ? [longitude, latitude] : null;
}
