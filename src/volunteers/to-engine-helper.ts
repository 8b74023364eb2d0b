import type { Person } from '../accounts/account-types.ts';
import type { Helper, HelperHistory, WeekSpan } from '../matching/match-types.ts';
import type { PublicPlaceView } from '../shared/api-types.ts';
import type { HelperLoadRecord } from './helper-load-model.ts';
import type { HelperProfile } from './helper-profile-model.ts';

const DAY_MINUTES = 1440;

/** One helper in the words of the engine: public place only, spans in minutes of the local week. Pure. */
export function toEngineHelper({
  profile,
  person,
  place,
  load,
  history,
  day,
}: {
  readonly profile: HelperProfile;
  readonly person: Person;
  readonly place: PublicPlaceView;
  readonly load: HelperLoadRecord;
  readonly history: HelperHistory;
  readonly day: string;
}): Helper {
  return {
    helperId: profile._id,
    householdId: person.householdId,
    areaId: place.id,
    point: place.point,
    radiusMetres: profile.radiusMetres,
    skills: profile.skills.map(({ skillId, level, verified }) => ({ skillId, level, verified })),
    trustTier: person.trustTier,
    languages: [...profile.languages],
    gender: profile.gender,
    weekly: profile.weekly.map(({ day: weekday, from, to }): WeekSpan => ({
      from: weekday * DAY_MINUTES + from,
      to: weekday * DAY_MINUTES + to,
    })),
    quietHours: profile.quietHours,
    breaksQuietHoursForCritical: profile.breaksQuietHoursForCritical,
    isOnDuty: profile.isOnDuty,
    isSuspended: person.status !== 'active',
    maxTasks: profile.maxTasks,
    maxOffersPerDay: profile.maxOffersPerDay,
    ...engineLoad(load, profile.maxTasks, day),
    blocked: [...profile.blockedIds],
    kindsNotDone: [...profile.kindsNotDone],
    automaticRanking: profile.automaticRanking,
    reachability: 1,
    history,
  };
}

/** Load as the engine counts it: at work somewhere means no room for anything else. */
export function engineLoad(
  load: HelperLoadRecord,
  maxTasks: number,
  day: string,
): { activeTasks: number; openOffers: number; offersToday: number; nextOfferNotBefore: number } {
  const isAtWork = load.activeTasks.some(({ onSite }) => onSite);
  return {
    activeTasks: isAtWork ? Math.max(load.tasks, maxTasks) : load.tasks,
    openOffers: load.open,
    offersToday: load.day === day ? load.offersToday : 0,
    nextOfferNotBefore: load.nextOfferNotBefore.getTime(),
  };
}
