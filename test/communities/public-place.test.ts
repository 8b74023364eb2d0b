import { expect } from 'chai';
import fc from 'fast-check';
import type { Building } from '../../src/communities/community-types.ts';
import { publicPlaceFor } from '../../src/communities/public-place.ts';

const house = (id: string, households: number | null, more: Partial<Building> = {}): Building => ({
  id,
  name: { en: id },
  footprint: null,
  point: [79.93, 37.08],
  zoneId: null,
  households,
  ...more,
});
const community = (buildings: readonly Building[], zones = [{ id: 'north', name: { en: 'North' } }]) => ({
  centrePoint: [79.94, 37.09] as [number, number],
  buildings,
  zones,
});

describe('The public place', () => {
  it('is the building when 20 households live there', () => {
    const building = house('6', 20);
    expect(publicPlaceFor(community([building]), building)).to.include({
      kind: 'building',
      id: 'building:6',
    });
  });

  it('is the zone when the building is small, and lies where its households are', () => {
    const small = house('8', 12, { zoneId: 'north', point: [79.93, 37.08] });
    const large = house('9', 36, { zoneId: 'north', point: [79.934, 37.084] });
    const place = publicPlaceFor(community([small, large]), small);
    expect(place).to.include({ kind: 'zone', id: 'zone:north' });
    expect(place.point).to.deep.equal([79.933, 37.083]);
  });

  it('is the 500 m cell when the zone has too few, and the cell is the same for everybody in it', () => {
    const one = house('1', 10, { point: [79.9301, 37.0801] });
    const two = house('2', 10, { point: [79.9302, 37.0802] });
    const place = publicPlaceFor(community([one, two]), one);
    expect(place.kind).to.equal('cell');
    expect(publicPlaceFor(community([one, two]), two)).to.deep.equal(place);
  });

  it('is the centre when nobody knows how many live there, and for people without a building', () => {
    const unknown = house('1', null, { zoneId: 'north' });
    expect(publicPlaceFor(community([unknown]), unknown)).to.include({ kind: 'centre', id: 'centre' });
    expect(publicPlaceFor(community([unknown]), null).point).to.deep.equal([79.94, 37.09]);
  });

  it('never names a place with fewer than 20 households, and never gives a small building’s own point', () => {
    const buildings = fc.array(
      fc.record({
        households: fc.option(fc.integer({ min: 0, max: 40 })),
        zone: fc.constantFrom('north', 'south', null),
        east: fc.integer({ min: 0, max: 900 }),
        north: fc.integer({ min: 0, max: 900 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(buildings, (drawn) => {
        const all = drawn.map(({ households, zone, east, north }, index) =>
          house(String(index), households, {
            zoneId: zone,
            point: [79.93 + east / 88_000, 37.08 + north / 111_000],
          }),
        );
        const town = community(all, [
          { id: 'north', name: { en: 'North' } },
          { id: 'south', name: { en: 'South' } },
        ]);
        for (const building of all) {
          const place = publicPlaceFor(town, building);
          if ((building.households ?? 0) < 20) expect(place.kind).to.not.equal('building');
          if (place.kind === 'zone') {
            const members = all.filter((candidate) => candidate.zoneId === building.zoneId);
            const households = members.reduce((sum, member) => sum + (member.households ?? 0), 0);
            expect(households).to.be.at.least(20);
          }
        }
      }),
    );
  });
});
