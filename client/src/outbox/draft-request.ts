import type { HelpRequestInput, WhenView } from '../../../src/shared/api-types.ts';
import type { Language } from '../../../src/shared/vocabulary.ts';
import { instantOf, zonedTime } from '../i18n/zoned-time.ts';
import { type Draft, PARTS, type TypedVisit } from './draft-types.ts';

type Times = Pick<Draft, 'asap' | 'days' | 'part' | 'from' | 'to'>;

const QUARTER_MS = 15 * 60_000;

/** The day `offset` days after today in the zone, as `2026-11-23`. */
export function dayKey(nowMs: number, offset: number, timeZone: string): string {
  const { year, month, day } = zonedTime(instantOf(nowMs, offset, 12 * 60, timeZone), timeZone);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Days from today to a day key; negative when it is past. */
function offsetOf(key: string, nowMs: number, timeZone: string): number {
  const [year = 0, month = 1, day = 1] = key.split('-').map(Number);
  const today = zonedTime(nowMs, timeZone);
  const from = Date.UTC(today.year, today.month - 1, today.day);
  return Math.round((Date.UTC(year, month - 1, day) - from) / 86_400_000);
}

/** Minutes of the day of `16:05`; null when it is not a time. */
export function minutesOf(time: string): number | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(time);
  if (!found) return null;
  const minutes = Number(found[1]) * 60 + Number(found[2]);
  return minutes < 24 * 60 ? minutes : null;
}

/**
 * When the draft asks for help: windows in order, one for each chosen day, those that are over left out. A window
 * that has begun starts at the next quarter of an hour. As soon as possible has no windows.
 */
export function whenOf(draft: Times, nowMs: number, timeZone: string): WhenView {
  if (draft.asap) return { asap: true, windows: [] };
  const part =
    draft.part === 'exact' ? { from: minutesOf(draft.from), to: minutesOf(draft.to) } : PARTS[draft.part];
  const { from, to } = part;
  if (from === null || to === null || to <= from) return { asap: false, windows: [] };
  const soon = Math.ceil(nowMs / QUARTER_MS) * QUARTER_MS;
  const windows = [...draft.days].sort().flatMap((day) => {
    const offset = offsetOf(day, nowMs, timeZone);
    const start = Math.max(soon, instantOf(nowMs, offset, from, timeZone));
    const end = instantOf(nowMs, offset, to, timeZone);
    if (end - start < QUARTER_MS) return [];
    return [{ from: new Date(start).toISOString(), to: new Date(end).toISOString() }];
  });
  return { asap: false, windows };
}

const ARABIC = /[\u0600-\u06ff]/;
const HAN = /[\u4e00-\u9fff]/;

/** The language a text is written in, by its letters; the reader's own when they do not tell. */
export function languageOfText(text: string, fallback: Language): Language {
  if (ARABIC.test(text)) return 'ug';
  if (HAN.test(text)) return 'zh-CN';
  return fallback === 'en' || /[a-z]{4}/i.test(text) ? 'en' : fallback;
}

/**
 * What is sent for a draft. Without a typed visit the server uses the saved door and phone: the author's, or those of
 * the resident for whom staff ask.
 */
export function requestInputOf(
  draft: Draft,
  visit: TypedVisit | undefined,
  language: Language,
  nowMs: number,
  timeZone: string,
): HelpRequestInput {
  const input: HelpRequestInput = {
    kindId: draft.kindId,
    title: draft.title.trim(),
    text: draft.text.trim(),
    urgency: draft.urgency,
    when: whenOf(draft, nowMs, timeZone),
    helpersNeeded: draft.helpersNeeded,
    languages: draft.languages,
    constraints: {
      genderWish: draft.genderWish,
      twoHelpers: draft.helpersNeeded === 2,
      noHomeEntry: draft.noHomeEntry,
    },
    language: languageOfText(`${draft.title} ${draft.text}`, language),
    submit: true,
  };
  if (draft.beneficiaryId) input.beneficiaryId = draft.beneficiaryId;
  if (draft.buildingId !== '') input.buildingId = draft.buildingId;
  if (visit) input.visit = { door: visit.door.trim(), phone: visit.phone.trim() };
  return input;
}
