import type { Position } from '../../../../src/shared/api-types.ts';
import { LANGUAGES, type Language } from '../../../../src/shared/vocabulary.ts';
import { minutesOf } from '../settings/day-minutes.ts';
import { centrePointOf, type SetupDefaults, type SetupDraft } from './setup-input.ts';

/** Six decimals of a degree are ten centimetres: enough for a house, and a third of the bytes. */
const roundedTo6 = (value: number): number => Math.round(value * 1e6) / 1e6;

/**
 * What the set-up sends: the draft in the server's words. The draft has been checked step by step before.
 * @throws TypeError when it has not: without a centre point there is nothing to send.
 */
export function setupBodyOf(
  draft: SetupDraft,
  defaults: SetupDefaults,
  language: Language,
): Record<string, unknown> {
  const centrePoint = centrePointOf(draft);
  if (!centrePoint) throw new TypeError('the set-up is sent after its checks');
  const kindsOfHelp = defaults.kindsOfHelp.filter(({ id }) => draft.kindIds.includes(id));
  return {
    setupCode: draft.setupCode.trim(),
    slug: draft.slug,
    administrator: {
      displayName: draft.administrator.displayName.trim(),
      signInName: draft.administrator.signInName.trim(),
      passphrase: draft.administrator.passphrase,
      language,
    },
    community: {
      name: Object.fromEntries(
        LANGUAGES.map((one) => [one, draft.name[one].trim()]).filter(([, name]) => name !== ''),
      ),
      languages: LANGUAGES.filter((one) => draft.languages.includes(one)),
      timeZone: draft.timeZone,
      secondTimeZone: draft.secondTimeZone === '' ? null : draft.secondTimeZone,
      centrePhone: draft.centrePhone.trim(),
      openingHours: draft.hours.flatMap(({ isOpen, from, to }, day) => {
        const [start, end] = [minutesOf(from), minutesOf(to)];
        return isOpen && start !== null && end !== null ? [{ day, from: start, to: end }] : [];
      }),
      holidays: draft.holidays
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== ''),
      emergencyNumbers: draft.emergency
        .map(({ number, name }) => ({ number: number.trim(), name }))
        .filter(({ number }) => number !== ''),
      centrePoint: centrePoint.map(roundedTo6),
      kindsOfHelp,
      skills: defaults.skills,
    },
    buildings: {
      list: draft.buildings.map(({ name, households, zoneName, footprint }) => ({
        name,
        households,
        zone: zoneName,
        ...(footprint === null ? {} : { footprint: roundedShape(footprint.coordinates) }),
      })),
    },
  };
}

function roundedShape(coordinates: readonly (readonly Position[])[]): {
  type: 'Polygon';
  coordinates: number[][][];
} {
  return { type: 'Polygon', coordinates: coordinates.map((ring) => ring.map((at) => at.map(roundedTo6))) };
}
