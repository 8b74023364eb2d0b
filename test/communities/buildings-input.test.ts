import { expect } from 'chai';
import { readBuildings, type BuildingsInput } from '../../src/communities/buildings-input.ts';
import { AppError } from '../../src/errors.ts';

let count = 0;
const read = (input: BuildingsInput, present = { buildings: [], zones: [] }) =>
  readBuildings(input, { newId: () => `id${String((count += 1))}`, centrePoint: [79.9, 37.1], present });
const square = [
  [79.9, 37.1],
  [79.902, 37.1],
  [79.902, 37.102],
  [79.9, 37.102],
  [79.9, 37.1],
];
const feature = (properties: Record<string, unknown>, coordinates: unknown = [square], type = 'Polygon') => ({
  type: 'Feature',
  geometry: { type, coordinates },
  properties,
});
function errorsOf(input: BuildingsInput): readonly { pointer: string; detail: string }[] {
  try {
    read(input);
  } catch (error) {
    if (error instanceof AppError) return error.details.errors ?? [];
    throw error;
  }
  return [];
}

describe('The list of buildings', () => {
  it('names a numbered building in three languages and puts one without a point at the centre', () => {
    const { buildings } = read({ list: [{ name: '6', households: 40, zone: 'North' }] });
    expect(buildings[0]).to.deep.include({
      name: { 'zh-CN': '6号楼', ug: '6-بىنا', en: 'Building 6' },
      point: [79.9, 37.1],
      households: 40,
    });
  });

  it('reads polygons and points from GeoJSON, and makes a zone of each zone name', () => {
    const { buildings, zones } = read({
      geoJson: {
        type: 'FeatureCollection',
        features: [
          feature({ name: 1, households: 30, zone: 'North' }),
          feature({ name: 'Tower' }, [79.95, 37.15], 'Point'),
        ],
      },
    });
    expect(buildings.map(({ point }) => point)).to.deep.equal([
      [79.901, 37.101],
      [79.95, 37.15],
    ]);
    expect(buildings[1]?.households).to.equal(null);
    expect(buildings[0]?.zoneId).to.equal(zones[0]?.id);
  });

  it('tells every mistake at once and names its feature', () => {
    const errors = errorsOf({
      geoJson: {
        type: 'FeatureCollection',
        features: [
          feature({ households: 3 }),
          feature({ name: '2', households: -1 }),
          feature({ name: '3' }, [
            [
              [200, 1],
              [1, 1],
              [1, 2],
              [200, 1],
            ],
          ]),
          feature({ name: '4' }, square.slice(0, 4), 'LineString'),
        ],
      },
    });
    expect(errors.map(({ pointer }) => pointer)).to.deep.equal([
      '/geoJson/features/0/properties/name',
      '/geoJson/features/1/properties/households',
      '/geoJson/features/2/geometry/coordinates',
      '/geoJson/features/3/geometry',
    ]);
    expect(errors[2]?.detail).to.match(/^Feature 3: /);
  });

  it('refuses two buildings of one name and an empty list', () => {
    expect(errorsOf({ list: [{ name: 'A' }, { name: 'a ' }] })[0]?.pointer).to.equal('/list/1/name');
    expect(errorsOf({ list: [] })).to.have.length(1);
  });

  it('keeps the ids of buildings that were there before', () => {
    const first = read({ list: [{ name: '6' }, { name: '7' }] });
    const second = readBuildings(
      { list: [{ name: '7', households: 20 }] },
      { newId: () => 'new', centrePoint: [79.9, 37.1], present: first },
    );
    expect(second.buildings[0]?.id).to.equal(first.buildings[1]?.id);
  });
});
