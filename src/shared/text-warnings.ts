/**
 * Finds what should not stand in a text that neighbours read: phone numbers, door numbers and identity card
 * numbers, in Chinese, Uyghur and English. It only points out; nobody is stopped by it. Pure and without any
 * network, so that a form can call it on every key.
 */
export type PrivateDetailKind = 'phone' | 'door' | 'id_number';

export interface PrivateDetail {
  readonly kind: PrivateDetailKind;
  /** UTF-16 offsets into the text as given: `text.slice(start, end)` is the detail. */
  readonly start: number;
  readonly end: number;
}

/** Digits of other scripts and spelled Chinese digits, each one UTF-16 unit, so that offsets stay true. */
const DIGITS: ReadonlyMap<string, string> = new Map([
  ...['０１２３４５６７８９', '٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹'].flatMap((row) =>
    row.split('').map((sign, value): [string, string] => [sign, String(value)]),
  ),
  ['－', '-'],
  ['–', '-'],
  ['—', '-'],
  ['　', ' '],
]);
const SPELLED: ReadonlyMap<string, string> = new Map([
  ...'零一二三四五六七八九'.split('').map((sign, value): [string, string] => [sign, String(value)]),
  ['〇', '0'],
  ['幺', '1'],
  ['两', '2'],
]);

/** Earlier kinds win where two overlap: an identity card number holds things that look like phones. */
const PATTERNS: readonly { readonly kind: PrivateDetailKind; readonly pattern: RegExp }[] = [
  // 18 digits of the resident identity card (GB 11643): area, birthday, order, check sign; the old one has 15.
  {
    kind: 'id_number',
    pattern:
      /(?<!\d)[1-9]\d{5}[ -]?(?:19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dXx](?!\d)/gu,
  },
  { kind: 'id_number', pattern: /(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)/gu },
  // Mobile numbers have 11 digits and start with 13 to 19; people break them with spaces, dots and hyphens.
  { kind: 'phone', pattern: /(?<!\d)(?:(?:\+|00)?86[ -]?)?1[ .-]?[3-9](?:[ .·-]?\d){9}(?!\d)/gu },
  // Landlines with their area code: 0903-2512345, (0991) 2812345.
  { kind: 'phone', pattern: /(?<!\d)\(?0\d{2,3}\)?[ -]?[2-9](?:[ -]?\d){6,7}(?!\d)/gu },
  // 3号楼2单元502室, 3单元502, 2单元
  {
    kind: 'door',
    pattern:
      /(?:(?<!\d)\d{1,3} ?(?:号楼|号院|楼|栋|幢|座|号)[ ,，]?)?(?<!\d)\d{1,2} ?单元(?:[ ,，]?\d{1,2} ?[层楼])?(?:[ ,，]?\d{1,4} ?[室号户房]?)?/gu,
  },
  // 3栋502, 3号楼 502室
  { kind: 'door', pattern: /(?<!\d)\d{1,3} ?(?:号楼|栋|幢|座)[ ,，]?\d{3,4}(?!\d) ?[室号户房]?/gu },
  // 502室, 1203 房
  { kind: 'door', pattern: /(?<!\d)\d{3,4} ?(?:室|房间|房(?![租价产屋])|号房|号门)/gu },
  { kind: 'door', pattern: /门牌(?:号码?)?[ :：是为]{0,3}\d{1,4}号?/gu },
  // 2-301, 3-2-502 and 5#301: building, unit, door; a date has more parts or a year at its end.
  {
    kind: 'door',
    pattern: /(?<![\d-])\d{1,3}(?: ?[-#] ?\d{1,2})? ?[-#] ?(?!(?:19|20)\d\d(?!\d))[1-9]\d{2,3}(?![\d-])/gu,
  },
  // 3-بىنا 2-بۆلەك 502-ئۆي: Uyghur counts places with an ordinal hyphen.
  {
    kind: 'door',
    pattern:
      /(?:(?<!\d)\d{1,3} ?-? ?(?:بىنا|قورۇ)\p{L}*[ ،,]{0,2})?(?:(?<!\d)\d{1,2} ?-? ?(?:كورپۇس|بۆلەك|بۆلۈم|ئېغىز|دەنيۈەن)\p{L}*[ ،,]{0,2})?(?<!\d)\d{2,4} ?-? ?(?:ئۆي|ئىشىك|خانا|ياتاق)\p{L}*/gu,
  },
  { kind: 'door', pattern: /(?<!\d)\d{1,2} ?-? ?(?:كورپۇس|بۆلەك|بۆلۈم|دەنيۈەن)\p{L}*/gu },
  {
    kind: 'door',
    pattern:
      /\b(?:apartment|apt|flat|room|rm|unit|door|suite)\b\.? ?(?:no\.? ?|number ?|# ?)?\d{1,4}[a-z]?\b/giu,
  },
];
const SPELLED_PHONE = /(?<!\d)1[ 、,，]?[3-9](?:[ 、,，]?\d){9}(?!\d)/gu;

/**
 * The private details in a text, in the order of their place, never overlapping. Offsets are UTF-16 units.
 * An empty list is no promise: people write numbers in ways no pattern knows.
 */
export function findPrivateDetails(text: string): PrivateDetail[] {
  const plain = replaceSigns(text, DIGITS);
  const found: PrivateDetail[] = [];
  for (const { kind, pattern } of PATTERNS) addMatches(found, kind, plain, pattern);
  const spelled = replaceSigns(plain, SPELLED);
  if (spelled !== plain) addMatches(found, 'phone', spelled, SPELLED_PHONE);
  return found.sort((a, b) => a.start - b.start);
}

function addMatches(found: PrivateDetail[], kind: PrivateDetailKind, text: string, pattern: RegExp): void {
  for (const match of text.matchAll(pattern)) {
    const start = match.index;
    const end = start + match[0].trimEnd().length;
    if (!found.some((other) => start < other.end && other.start < end)) found.push({ kind, start, end });
  }
}

function replaceSigns(text: string, signs: ReadonlyMap<string, string>): string {
  let plain = '';
  for (let at = 0; at < text.length; at += 1) plain += signs.get(text[at]!) ?? text[at]!;
  return plain;
}
