import type { KindOfHelpView, Position, SkillView } from '../../../../src/shared/api-types.ts';
import type { Language, LocalisedText } from '../../../../src/shared/vocabulary.ts';
import type { BuildingDraft } from './building-list.ts';

export interface DayHours {
  isOpen: boolean;
  from: string;
  to: string;
}

const WORKDAYS = 5;

/** The three numbers every centre in the country has; a centre that wants another one types over it. */
const EMERGENCY: readonly { number: string; name: LocalisedText }[] = [
  { number: '120', name: { 'zh-CN': '急救', ug: 'قۇتقۇزۇش ماشىنىسى', en: 'Ambulance' } },
  { number: '110', name: { 'zh-CN': '报警', ug: 'ساقچى', en: 'Police' } },
  { number: '119', name: { 'zh-CN': '火警', ug: 'ئوت ئۆچۈرۈش', en: 'Fire service' } },
];

/** Everything that is typed at the first start. It lives in memory only: a passphrase is among it. */
export const setupDraft = $state({
  setupCode: '',
  administrator: { displayName: '', signInName: '', passphrase: '' },
  slug: '',
  name: { 'zh-CN': '', ug: '', en: '' } as Record<Language, string>,
  languages: ['zh-CN', 'ug', 'en'] as Language[],
  timeZone: 'Asia/Shanghai',
  secondTimeZone: 'Asia/Urumqi',
  centrePhone: '',
  hours: Array.from({ length: 7 }, (_, day): DayHours => ({
    isOpen: day < WORKDAYS,
    from: '10:00',
    to: '19:00',
  })),
  holidays: '',
  emergency: EMERGENCY.map(({ number, name }) => ({ number, name })),
  how: 'typed' as 'typed' | 'file',
  typed: '',
  buildings: [] as BuildingDraft[],
  longitude: '',
  latitude: '',
  kindIds: [] as string[],
});

/** The default lists that the server offers, in three languages. */
export interface SetupDefaults {
  kindsOfHelp: KindOfHelpView[];
  skills: SkillView[];
}

/** The centre's own point as typed, or null while it is not a position. */
export function centrePointOf(draft: { longitude: string; latitude: string }): Position | null {
  const [longitude, latitude] = [draft.longitude, draft.latitude].map((text) =>
    text.trim() === '' ? Number.NaN : Number(text.trim()),
  ) as [number, number];
  const isOnEarth = Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
  return isOnEarth && !(longitude === 0 && latitude === 0) ? [longitude, latitude] : null;
}
