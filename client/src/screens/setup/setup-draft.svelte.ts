import type { LocalisedText } from '../../../../src/shared/vocabulary.ts';
import type { DayHours, SetupDraft } from './setup-input.ts';

const WORKDAYS = 5;

/** The three numbers every centre in the country has; a centre that wants another one types over it. */
const EMERGENCY: readonly { number: string; name: LocalisedText }[] = [
  { number: '120', name: { 'zh-CN': '急救', ug: 'قۇتقۇزۇش ماشىنىسى', en: 'Ambulance' } },
  { number: '110', name: { 'zh-CN': '报警', ug: 'ساقچى', en: 'Police' } },
  { number: '119', name: { 'zh-CN': '火警', ug: 'ئوت ئۆچۈرۈش', en: 'Fire service' } },
];

/** Everything that is typed at the first start. It lives in memory only: a passphrase is among it. */
export const setupDraft: SetupDraft = $state({
  setupCode: '',
  administrator: { displayName: '', signInName: '', passphrase: '' },
  slug: '',
  name: { 'zh-CN': '', ug: '', en: '' },
  languages: ['zh-CN', 'ug', 'en'],
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
  how: 'typed',
  typed: '',
  buildings: [],
  uploaded: null,
  longitude: '',
  latitude: '',
  kindIds: [],
  skillIds: [],
});
