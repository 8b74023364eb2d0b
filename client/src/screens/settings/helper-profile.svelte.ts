import type { HelperProfileView } from '../../../../src/shared/api-types.ts';
import { asProblem, call, type ApiProblem } from '../../api-client.ts';
import { onSessionChange } from '../../session.svelte.ts';

/** The fields a helper decides; the rest of the profile is the centre's or the engine's. */
export type ProfileChange = Partial<
  Pick<
    HelperProfileView,
    | 'weekly'
    | 'radiusMetres'
    | 'maxTasks'
    | 'maxOffersPerDay'
    | 'languages'
    | 'quietHours'
    | 'breaksQuietHoursForCritical'
    | 'kindsNotDone'
    | 'gender'
    | 'automaticRanking'
  >
> & { skills?: { skillId: string; level: 1 | 2 | 3 }[] };

let view = $state.raw<HelperProfileView | null>(null);
let problem = $state.raw<ApiProblem | null>(null);
let saving = $state(0);
let hasSaved = $state(false);
let wasChangedElsewhere = $state(false);
let queue: Promise<void> = Promise.resolve();

/** The reader's own helper profile. */
export const helperProfile = {
  get view(): HelperProfileView | null {
    return view;
  },
  /** Why the last reading or saving did not work. */
  get problem(): ApiProblem | null {
    return problem;
  },
  get isSaving(): boolean {
    return saving > 0;
  },
  get hasSaved(): boolean {
    return hasSaved;
  },
  /** Another device was faster; what is shown is the newest, without the change that was refused. */
  get wasChangedElsewhere(): boolean {
    return wasChangedElsewhere;
  },
};

onSessionChange(() => {
  view = null;
  problem = null;
  hasSaved = false;
});

export async function readHelperProfile(): Promise<void> {
  try {
    view = await call('readHelperProfile');
    problem = null;
  } catch (caught) {
    problem = asProblem(caught);
  }
}

/** The whole of what is PUT, from the profile as it stands. */
function inputOf(now: HelperProfileView): Record<string, unknown> {
  return {
    skills: now.skills.map(({ skillId, level }) => ({ skillId, level })),
    weekly: now.weekly,
    radiusMetres: now.radiusMetres,
    maxTasks: now.maxTasks,
    maxOffersPerDay: now.maxOffersPerDay,
    languages: now.languages,
    quietHours: now.quietHours,
    breaksQuietHoursForCritical: now.breaksQuietHoursForCritical,
    kindsNotDone: now.kindsNotDone,
    gender: now.gender,
    automaticRanking: now.automaticRanking,
    version: now.version,
  };
}

/**
 * Shows a change at once and saves it; changes are saved one after the other, each on the version before it.
 * When the server refuses, the last saved profile is shown again and `problem` says why.
 */
export function changeProfile(change: ProfileChange): Promise<void> {
  if (!view) return queue;
  view = shownWith(view, change);
  saving += 1;
  hasSaved = false;
  wasChangedElsewhere = false;
  queue = queue.then(() => save(change)).finally(() => (saving -= 1));
  return queue;
}

async function save(change: ProfileChange): Promise<void> {
  if (!view) return;
  try {
    const saved = await call('updateHelperProfile', { body: { ...inputOf(view), ...change } });
    // A change made meanwhile is already shown and follows in the queue.
    view = saving > 1 ? { ...view, version: saved.version } : saved;
    problem = null;
    hasSaved = true;
  } catch (caught) {
    const refused = asProblem(caught);
    if (!refused.isUnreachable) await readHelperProfile();
    wasChangedElsewhere = refused.code === 'version-changed';
    problem = refused;
  }
}

function shownWith(now: HelperProfileView, { skills, ...rest }: ProfileChange): HelperProfileView {
  const next = { ...now, ...rest };
  if (!skills) return next;
  const wasVerified = (id: string): boolean =>
    now.skills.some((skill) => skill.skillId === id && skill.verified);
  return { ...next, skills: skills.map((skill) => ({ ...skill, verified: wasVerified(skill.skillId) })) };
}

/** Goes on or off duty. The profile that comes back is shown. */
export async function changeDuty(onDuty: boolean): Promise<void> {
  if (!view) return;
  const before = view;
  view = { ...before, isOnDuty: onDuty };
  try {
    view = await call('setDuty', { body: { onDuty } });
    problem = null;
  } catch (caught) {
    view = before;
    problem = asProblem(caught);
  }
}
