import type { Notice } from '../domain-events.ts';
import { AppError } from '../errors.ts';
import { closeOffers } from './move-parts.ts';
import { toAuthor, toHelpers, toStaff, type Effect, type MoveContext } from './move-types.ts';
import type { CommandOf } from './request-commands.ts';
import { hasFreeSlot, offerTo, openOffers, slotOf } from './request-facts.ts';
import { waveTimer } from './request-timers.ts';
import type { HelpRequestRecord, NewMatch, Offer } from './request-types.ts';

type Request = HelpRequestRecord;

/** How helpers are sought: waves, their end, and the answer no. */
export const SEARCH_MOVES = {
  send_wave: sendWave,
  stop_waves: stopWaves,
  wait_for_day: waitForDay,
  decline,
};

function sendWave(
  request: Request,
  { wave, lapse, by }: CommandOf<'send_wave'>,
  context: MoveContext,
): Effect {
  if (!hasFreeSlot(request)) throw new AppError('already-taken', 'All places are taken.');
  const asked = wave.matches.find(({ helperId }) => offerTo(request, helperId)?.state === 'open');
  if (asked !== undefined) throw new AppError('state-changed', 'This helper has an open offer already.');
  const { now } = context;
  const lapsed = closeOffers(request, 'lapsed', now, (offer) => lapse && offer.answerBy <= now);
  const no = request.waves.length + 1;
  const sent = { no, sentAt: now, closesAt: wave.closesAt, told: wave.matches.length, reached: wave.reached };
  return {
    ...(request.status === 'open' ? { to: 'matching' as const } : {}),
    set: {
      offers: [...lapsed.offers, ...wave.matches.map((match) => offerOf(match))],
      wave: sent,
      waves: [...request.waves, sent],
      // Staff have it until somebody accepts; a search that found people again does not need them.
      needsPerson: request.needsPerson?.reason === 'no_helper' ? null : request.needsPerson,
    },
    timeline: [
      ...lapsedEntry(lapsed.closed),
      { type: 'wave_sent', params: { no, told: wave.matches.length, by } },
    ],
    notices: wave.matches.map((match) => offerNotice(request, match)),
    follow: {
      newMatches: wave.matches,
      matches: lapsed.matches,
      release: lapsed.release,
    },
    waveTimers: [waveTimer('wave_closes', wave.closesAt)],
  };
}

/** An offer as the request keeps it: also the list of who is not asked again. */
export function offerOf(match: NewMatch, state: Offer['state'] = 'open'): Offer {
  const { matchId, helperId, waveNo, at, answerBy, parts } = match;
  return {
    matchId,
    helperId,
    waveNo,
    state,
    at,
    answerBy,
    keepsPromises: parts.keepsPromises / KEEPS_PROMISES_POINTS,
  };
}
/** Points the engine gives for a helper who keeps every promise. */
const KEEPS_PROMISES_POINTS = 15;

function offerNotice(request: Request, match: NewMatch): Notice {
  const isUrgent = request.urgency === 'critical' || request.urgency === 'high';
  return toHelpers(request, [match.helperId], 'offer', {
    params: { matchId: match.matchId },
    link: `/offers/${match.matchId}`,
    ...(isUrgent ? { urgent: true } : {}),
  })[0]!;
}

function lapsedEntry(closed: readonly Offer[]): { type: 'offer_lapsed'; params: { count: number } }[] {
  return closed.length === 0 ? [] : [{ type: 'offer_lapsed', params: { count: closed.length } }];
}

/** Nobody more can be asked: a person at the centre is told, once, and the engine looks again later. */
function stopWaves(
  request: Request,
  { lapse, retryAt }: CommandOf<'stop_waves'>,
  context: MoveContext,
): Effect {
  const { now } = context;
  const lapsed = closeOffers(request, 'lapsed', now, (offer) => lapse && offer.answerBy <= now);
  const awaited = openOffers({ offers: lapsed.offers });
  const isNews = hasFreeSlot(request) && awaited.length === 0 && !isWithStaff(request);
  const closesAt = awaited.reduce<Date | null>(
    (last, { answerBy }) => (last === null || answerBy > last ? answerBy : last),
    null,
  );
  return {
    set: {
      offers: lapsed.offers,
      ...(awaited.length === 0 ? { wave: null } : {}),
      ...(isNews ? { needsPerson: { reason: 'no_helper', since: now } as const } : {}),
    },
    timeline: [
      ...lapsedEntry(lapsed.closed),
      ...(isNews ? [{ type: 'needs_person' as const, params: { reason: 'no_helper' } }] : []),
    ],
    notices: isNews
      ? [
          toStaff(request, 'needs_person', { params: { reason: 'no_helper' }, urgent: true }),
          toAuthor(request, 'person_takes_over'),
        ]
      : [],
    ...(lapsed.closed.length > 0 ? { follow: { matches: lapsed.matches, release: lapsed.release } } : {}),
    waveTimers:
      closesAt !== null
        ? [waveTimer('wave_closes', closesAt)]
        : retryAt !== null
          ? [waveTimer('wave_due', retryAt)]
          : [],
  };
}

const isWithStaff = ({ needsPerson }: Request): boolean =>
  needsPerson !== null && needsPerson.reason !== 'critical';

/** Low urgency goes out by day only. */
function waitForDay(
  request: Request,
  { lapse, until }: CommandOf<'wait_for_day'>,
  { now }: MoveContext,
): Effect {
  const lapsed = closeOffers(request, 'lapsed', now, (offer) => lapse && offer.answerBy <= now);
  return {
    set: { offers: lapsed.offers },
    timeline: lapsedEntry(lapsed.closed),
    ...(lapsed.closed.length > 0 ? { follow: { matches: lapsed.matches, release: lapsed.release } } : {}),
    waveTimers: [waveTimer('wave_due', until)],
  };
}

/** No is a fine answer: when nobody of the wave is left to wait for, the next one goes out at once. */
function decline(
  request: Request,
  { helperId, matchId }: CommandOf<'decline'>,
  { now }: MoveContext,
): Effect {
  const offer = request.offers.find((one) => one.matchId === matchId && one.helperId === helperId);
  if (offer === undefined) throw new AppError('not-offered', 'This request was not offered to you.');
  if (offer.state !== 'open' || slotOf(request, helperId) !== undefined) {
    throw new AppError('state-changed', 'This offer is closed.');
  }
  const offers = request.offers.map((one) =>
    one.matchId === matchId ? { ...one, state: 'declined' as const } : one,
  );
  const isLast = openOffers({ offers }).length === 0;
  return {
    set: { offers },
    timeline: [{ type: 'offer_declined' }],
    follow: {
      matches: [{ matchId, helperId, status: 'declined', at: now }],
      release: [{ helperId, matchId, liftRest: false }],
    },
    ...(isLast ? { waveTimers: hasFreeSlot(request) ? [waveTimer('wave_due', now)] : [] } : {}),
  };
}
