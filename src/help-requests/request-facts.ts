import type { HelpRequestRecord, Offer, Slot } from './request-types.ts';

/** Under this share of kept promises a second helper stands by. */
const RELIABLE = 0.7;

/** Plain questions about a request, asked in several places. */
export function hasFreeSlot(request: Pick<HelpRequestRecord, 'taken' | 'needed'>): boolean {
  return request.taken < request.needed;
}

/** Slots whose helper is still expected or at work. */
export function liveSlots(request: Pick<HelpRequestRecord, 'slots'>): readonly Slot[] {
  return request.slots.filter(({ status }) => status !== 'done');
}

export function openOffers(request: Pick<HelpRequestRecord, 'offers'>): readonly Offer[] {
  return request.offers.filter(({ state }) => state === 'open');
}

/** The newest offer to this helper: a request may ask again by hand. */
export function offerTo(request: Pick<HelpRequestRecord, 'offers'>, helperId: string): Offer | undefined {
  return request.offers.findLast((offer) => offer.helperId === helperId);
}

export function slotOf(request: Pick<HelpRequestRecord, 'slots'>, helperId: string): Slot | undefined {
  return request.slots.find((slot) => slot.helperId === helperId);
}

/**
 * Whether a second helper should stand by: for the urgent always, else when somebody in a slot keeps fewer than
 * seven of ten promises. Nobody stands by once everybody has come.
 */
export function wantsBackup(request: Pick<HelpRequestRecord, 'slots' | 'offers' | 'urgency'>): boolean {
  if (request.slots.some(({ kind }) => kind === 'backup')) return false;
  const primaries = request.slots.filter(({ kind }) => kind === 'primary');
  if (!primaries.some(({ status }) => status === 'confirmed')) return false;
  if (request.urgency === 'critical' || request.urgency === 'high') return true;
  return primaries.some((slot) => {
    const offer = request.offers.find(({ matchId }) => matchId === slot.matchId);
    return offer !== undefined && offer.keepsPromises < RELIABLE;
  });
}

/** Everybody who is party to the request and so may never decide about it as staff. */
export function partiesOf(
  request: Pick<HelpRequestRecord, 'beneficiaryId' | 'authorId' | 'slots' | 'offers' | 'formerHelpers'>,
): ReadonlySet<string> {
  return new Set([
    request.beneficiaryId,
    request.authorId,
    ...request.slots.map(({ helperId }) => helperId),
    ...request.formerHelpers.map(({ helperId }) => helperId),
    ...request.offers.filter(({ state }) => state === 'open').map(({ helperId }) => helperId),
  ]);
}

/** Whether helpers may still be sought: the states in which a wave can go out. */
export function isSearching(request: Pick<HelpRequestRecord, 'status' | 'taken' | 'needed'>): boolean {
  return ['open', 'matching', 'in_progress'].includes(request.status) && hasFreeSlot(request);
}

/** Since when somebody at the centre has this need in hand; null as long as nobody has, or a new need came up since. */
export function takenOverAt({
  takenOver,
  needsPerson,
}: Pick<HelpRequestRecord, 'takenOver' | 'needsPerson'>): Date | null {
  if (takenOver === null) return null;
  return needsPerson !== null && takenOver.at < needsPerson.since ? null : takenOver.at;
}
