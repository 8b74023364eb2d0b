import type { BuildingView, CommunityView, KindOfHelpView, SkillView } from '../../src/shared/api-types.ts';
import { asProblem, call } from './api-client.ts';
import { useTimeZone } from './i18n/when.svelte.ts';

/** Public facts only (they are readable signed out), kept so that the phone number is there without a network. */
const KEPT_AS = 'linli-community';

let view = $state.raw<CommunityView | null>(readKept());
let isSetUp = $state(true);

if (view) useTimeZone(view.timeZone);

/** The centre's community: name, phone, kinds of help, skills, buildings, counts. */
export const community = {
  get view(): CommunityView | null {
    return view;
  },
  /** False when the server runs but nobody has set the community up yet. */
  get isSetUp(): boolean {
    return isSetUp;
  },
  kind(kindId: string): KindOfHelpView | undefined {
    return view?.kindsOfHelp.find((kind) => kind.id === kindId);
  },
  skill(skillId: string): SkillView | undefined {
    return view?.skills.find((skill) => skill.id === skillId);
  },
  building(buildingId: string | null | undefined): BuildingView | undefined {
    return view?.buildings.find((building) => building.id === buildingId);
  },
};

function readKept(): CommunityView | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? 'null') as CommunityView | null;
  } catch {
    return null;
  }
}

/** Takes a community view that an operation answered. */
export function takeCommunity(next: CommunityView): void {
  view = next;
  isSetUp = true;
  useTimeZone(next.timeZone);
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(next));
  } catch {
    // A full or forbidden storage only costs the offline phone number.
  }
}

/** Reads the community again. Without an answer the kept one stays. */
export async function readCommunity(): Promise<void> {
  try {
    takeCommunity(await call('readCommunity'));
  } catch (error) {
    if (asProblem(error).code === 'not-found') {
      isSetUp = false;
      view = null;
    }
  }
}
