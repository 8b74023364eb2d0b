import type { Urgency, Language } from '../../../src/shared/vocabulary.ts';

export type PartOfDay = 'morning' | 'afternoon' | 'evening' | 'exact';

/** The parts of a day a person may name, in minutes of the day on the community's clock. */
export const PARTS: Readonly<Record<Exclude<PartOfDay, 'exact'>, { from: number; to: number }>> = {
  morning: { from: 8 * 60, to: 12 * 60 },
  afternoon: { from: 12 * 60, to: 18 * 60 },
  evening: { from: 18 * 60, to: 22 * 60 },
};

/**
 * A request being written, or written and waiting for the network. What is kept on the device is text, kind, time
 * and the building's id; never a door, a phone or a name.
 */
export interface Draft {
  /** Also the idempotency key: sent twice, it is one request. */
  key: string;
  accountId: string;
  /** Staff ask for this resident; null (or absent in older drafts): for oneself. The name lives in memory only. */
  beneficiaryId?: string | null;
  state: 'draft' | 'queued';
  /** Why a queued one came back: a problem code, or `needs-door`. */
  refusal: string | null;
  changedAt: number;
  kindId: string;
  title: string;
  /** The title is still the kind's own name and follows it. */
  titleIsKind: boolean;
  text: string;
  buildingId: string;
  /** The reader typed another door or phone than the saved ones; they live in memory only. */
  hasOwnVisit: boolean;
  asap: boolean;
  /** Calendar days on the community's clock, `2026-11-23`. */
  days: string[];
  part: PartOfDay;
  /** For `exact`: `16:00`. */
  from: string;
  to: string;
  urgency: Urgency;
  helpersNeeded: number;
  genderWish: 'woman' | 'man' | null;
  noHomeEntry: boolean;
  languages: Language[];
  /** Set at the first try to send: a later try has to carry the same body under the same key. */
  frozen: { atMs: number; language: Language } | null;
}

/** The private fields of the visit while the page is open. */
export interface TypedVisit {
  door: string;
  phone: string;
}

/** An empty draft of a person. */
export function newDraft(
  key: string,
  accountId: string,
  buildingId: string,
  nowMs: number,
  beneficiaryId: string | null = null,
): Draft {
  return {
    key,
    accountId,
    beneficiaryId,
    state: 'draft',
    refusal: null,
    changedAt: nowMs,
    kindId: '',
    title: '',
    titleIsKind: true,
    text: '',
    buildingId,
    hasOwnVisit: false,
    asap: false,
    days: [],
    part: 'afternoon',
    from: '16:00',
    to: '18:00',
    urgency: 'normal',
    helpersNeeded: 1,
    genderWish: null,
    noHomeEntry: false,
    languages: [],
    frozen: null,
  };
}
