import type { MatchRequest, Moment, RankedHelper } from './match-types.ts';
import { sha256 } from './sha256.ts';

/**
 * Digest of one ranking: request, moment, seed, versions and every value that decided, so that a replay that
 * differs anywhere differs here. Lists whose order means nothing are sorted first. SHA-256, 64 hex characters.
 */
export function digestOf(run: {
  readonly request: MatchRequest;
  readonly moment: Moment;
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly ranked: readonly RankedHelper[];
}): string {
  const { request, moment, seed, versions, ranked } = run;
  const asked = {
    ...request,
    partyIds: [...request.partyIds].sort(),
    excludedHelperIds: [...request.excludedHelperIds].sort(),
    helpedBeforeIds: [...request.helpedBeforeIds].sort(),
  };
  const values = ranked.map((one) => [
    one.helperId,
    one.metres,
    one.parts.skillAndLanguage,
    one.parts.near,
    one.parts.free,
    one.parts.keepsPromises,
    one.parts.fairTurn,
    one.acceptance,
    one.attention,
  ]);
  return sha256(canonical([asked, moment.now, moment.weekMinute, seed, versions, values]));
}

/** JSON with the keys of every object in order, so that equal content is equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, one]) => one !== undefined);
    fields.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
