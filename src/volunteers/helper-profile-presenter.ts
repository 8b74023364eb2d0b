import type { Person } from '../accounts/account-types.ts';
import type { HelperProfileView, PublicPlaceView } from '../shared/api-types.ts';
import type { HelperLoadRecord } from './helper-load-model.ts';
import type { HelperProfile } from './helper-profile-model.ts';

/** What a form starts from when there is no profile yet. */
const STARTING = {
  radiusMetres: 1500,
  maxTasks: 2,
  maxOffersPerDay: 6,
  quietHours: { from: 22 * 60, to: 7 * 60 },
} as const;

/** The owner's view of their own profile. Without one: the values a form starts from, status `none`, version 0. */
export function presentHelperProfile({
  profile,
  person,
  place,
  load,
  today,
  now,
}: {
  readonly profile: HelperProfile | null;
  readonly person: Person;
  readonly place: PublicPlaceView;
  readonly load: HelperLoadRecord | null;
  readonly today: string;
  readonly now: Date;
}): HelperProfileView {
  const rest = load !== null && load.nextOfferNotBefore > now ? load.nextOfferNotBefore.toISOString() : null;
  return {
    accountId: person.id,
    status: profile?.status ?? 'none',
    trustTier: person.trustTier,
    skills: (profile?.skills ?? []).map(({ skillId, level, verified }) => ({ skillId, level, verified })),
    weekly: (profile?.weekly ?? []).map(({ day, from, to }) => ({ day, from, to })),
    radiusMetres: profile?.radiusMetres ?? STARTING.radiusMetres,
    maxTasks: profile?.maxTasks ?? STARTING.maxTasks,
    maxOffersPerDay: profile?.maxOffersPerDay ?? STARTING.maxOffersPerDay,
    languages: [...(profile?.languages ?? [person.language])],
    quietHours: profile === null ? { ...STARTING.quietHours } : spanOrNull(profile.quietHours),
    breaksQuietHoursForCritical: profile?.breaksQuietHoursForCritical ?? false,
    kindsNotDone: [...(profile?.kindsNotDone ?? [])],
    gender: profile?.gender ?? null,
    automaticRanking: profile?.automaticRanking ?? true,
    isOnDuty: profile?.isOnDuty ?? false,
    publicPlace: { id: place.id, kind: place.kind, name: place.name, point: place.point },
    load: {
      activeTasks: load?.tasks ?? 0,
      openOffers: load?.open ?? 0,
      offersToday: load?.day === today ? load.offersToday : 0,
    },
    nextOfferNotBefore: rest,
    version: profile?.version ?? 0,
  };
}

function spanOrNull(span: HelperProfile['quietHours']): { from: number; to: number } | null {
  return span === null ? null : { from: span.from, to: span.to };
}
