import type { GeoJsonFeatureCollection, Position, PublicPlaceView } from '../shared/api-types.ts';
import type { Language, LocalisedText, RiskTier } from '../shared/vocabulary.ts';

export interface Building {
  readonly id: string;
  readonly name: LocalisedText;
  readonly footprint: { readonly type: 'Polygon'; readonly coordinates: Position[][] } | null;
  readonly point: Position;
  readonly zoneId: string | null;
  /** Null: not known, which is never enough for a public place of its own. */
  readonly households: number | null;
}

export interface Zone {
  readonly id: string;
  readonly name: LocalisedText;
}

export interface KindOfHelp {
  readonly id: string;
  readonly icon: string;
  readonly name: LocalisedText;
  readonly hint: LocalisedText;
  readonly tier: RiskTier;
  readonly needsReview: boolean;
  readonly defaultSkillIds: readonly string[];
  readonly usualMinutes: number;
}

export interface Skill {
  readonly id: string;
  readonly name: LocalisedText;
  readonly mustBeVerified: boolean;
}

/** Minutes of the day on the community's clock, `from` < `to`; day 0 is Monday. */
export interface OpeningSpan {
  readonly day: number;
  readonly from: number;
  readonly to: number;
}

/** What the clock functions need to know. */
export interface CommunityHours {
  /** IANA name. */
  readonly timeZone: string;
  readonly openingHours: readonly OpeningSpan[];
  /** Local dates YYYY-MM-DD on which the centre is closed all day. */
  readonly holidays: readonly string[];
}

export interface Community extends CommunityHours {
  readonly id: string;
  readonly slug: string;
  readonly name: LocalisedText;
  readonly languages: readonly Language[];
  readonly secondTimeZone: string | null;
  readonly centrePhone: string;
  readonly emergencyNumbers: readonly { readonly number: string; readonly name: LocalisedText }[];
  readonly centrePoint: Position;
  readonly kindsOfHelp: readonly KindOfHelp[];
  readonly skills: readonly Skill[];
  readonly zones: readonly Zone[];
  readonly buildings: readonly Building[];
  readonly plan: GeoJsonFeatureCollection | null;
  readonly version: number;
}

/** A public place as it was when something was written there: stored once, never changed, never moved. */
export interface PublicPlace {
  readonly id: string;
  readonly kind: 'building' | 'zone' | 'cell' | 'centre';
  readonly name: LocalisedText;
  readonly point: Position;
}

export interface CommunityService {
  /** From memory, read again after a change; throws `not-found` for an unknown id. */
  get(communityId: string): Promise<Community>;
  /** Ids of all communities of this installation, oldest first. */
  ids(): Promise<readonly string[]>;
  /** The community a signed-out reader means: by slug, else the only or oldest one; null before set-up. */
  bySlug(slug: string | null): Promise<Community | null>;
  /** A stored public place; throws `not-found`. */
  publicPlace(communityId: string, placeId: string): Promise<PublicPlaceView>;
  /** Several at once, by id; unknown ids are absent. */
  publicPlaces(communityId: string, placeIds: readonly string[]): Promise<Map<string, PublicPlaceView>>;
  /**
   * The public place for something written now in this building (null: the centre's own point): the smallest of
   * building, zone or cell with at least 20 households, else the centre. Stored on first use and never moved
   * afterwards. Throws `invalid-input` at `/buildingId` for an unknown building.
   */
  publicPlaceOfBuilding(communityId: string, buildingId: string | null): Promise<PublicPlace>;
  /** Told after a change of the community, in this process. */
  onChanged(listener: (communityId: string) => void): () => void;
}

/** Figures of the board for the public view of the community; implemented by `help-requests`. */
export interface BoardCounts {
  (communityId: string): Promise<{
    readonly counts: readonly { readonly kindId: string; readonly open: number }[];
    readonly openCount: number;
    readonly doneThisWeek: number;
  }>;
}
