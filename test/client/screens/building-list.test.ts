import { expect } from 'chai';
import fc from 'fast-check';
import {
  middleOf,
  readGeoJsonBuildings,
  readTypedBuildings,
  zoneNames,
} from '../../../client/src/screens/setup/building-list.ts';

const square = (x: number, y: number): number[][][] => [
  [
    [x, y],
    [x + 0.002, y],
    [x + 0.002, y + 0.001],
    [x, y + 0.001],
    [x, y],
  ],
];
const collection = (...features: unknown[]): string =>
  JSON.stringify({ type: 'FeatureCollection', features });
const polygon = (properties: unknown, coordinates: unknown = square(79.9, 37.1)): unknown => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Polygon', coordinates },
});

describe('buildings typed in at set-up', () => {
  it('takes name, households and zone from each line, with Chinese and Uyghur commas too', () => {
    const { buildings, problems } = readTypedBuildings('6 号楼，36，南区\n\n7-بىنا، 24، جەنۇب\n8 号楼');
    expect(problems).to.deep.equal([]);
    expect(buildings).to.deep.equal([
      { name: '6 号楼', households: 36, zoneName: '南区', footprint: null },
      { name: '7-بىنا', households: 24, zoneName: 'جەنۇب', footprint: null },
      { name: '8 号楼', households: null, zoneName: null, footprint: null },
    ]);
    expect(zoneNames(buildings)).to.deep.equal(['南区', 'جەنۇب']);
  });

  it('names every line that cannot be read and keeps the others', () => {
    const { buildings, problems } = readTypedBuildings('A, 12\n, 3\nB, many\nA, 5\nC, -4');
    expect(buildings.map((building) => building.name)).to.deep.equal(['A']);
    expect(problems).to.deep.equal([
      { code: 'name', line: 2 },
      { code: 'households', line: 3 },
      { code: 'duplicate', line: 4 },
      { code: 'households', line: 5 },
    ]);
  });

  it('accounts for every line that is not empty, as a building or as a problem', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 20 }), { maxLength: 40 }), (lines) => {
        const text = lines.join('\n');
        const wanted = text.split(/\r?\n/).filter((line) => line.trim() !== '').length;
        const { buildings, problems } = readTypedBuildings(text);
        expect(buildings.length + problems.length).to.equal(wanted);
      }),
    );
  });
});

describe('buildings uploaded as GeoJSON at set-up', () => {
  it('reads polygons with their properties and finds their middle', () => {
    const { buildings, problems } = readGeoJsonBuildings(
      collection(
        polygon({ name: 6, households: '36', zone: 'South' }),
        polygon({ name: '7' }, square(79.91, 37.11)),
      ),
    );
    expect(problems).to.deep.equal([]);
    expect(buildings.map(({ name, households, zoneName }) => [name, households, zoneName])).to.deep.equal([
      ['6', 36, 'South'],
      ['7', null, null],
    ]);
    expect(middleOf(buildings)).to.deep.equal([79.906, 37.1055]);
  });

  it('says that a file is no JSON or no collection', () => {
    expect(readGeoJsonBuildings('<kml/>').problems).to.deep.equal([{ code: 'not-json', line: null }]);
    expect(readGeoJsonBuildings('{"type":"Feature"}').problems[0]?.code).to.equal('not-collection');
  });

  it('names the features that are no closed polygon of longitude and latitude', () => {
    const open = [square(79, 37)[0]!.slice(0, 4)];
    const swappedMetres = [
      [
        [4_435_000, 37],
        [79, 37],
        [79, 38],
        [4_435_000, 37],
      ],
    ];
    const { buildings, problems } = readGeoJsonBuildings(
      collection(
        { type: 'Feature', properties: { name: 'P' }, geometry: { type: 'Point', coordinates: [79, 37] } },
        polygon({ name: 'open' }, open),
        polygon({ name: 'metres' }, swappedMetres),
        polygon({ households: 3 }),
        polygon({ name: 'good', households: 20 }),
      ),
    );
    expect(problems).to.deep.equal([
      { code: 'not-polygon', line: 1 },
      { code: 'ring', line: 2 },
      { code: 'position', line: 3 },
      { code: 'name', line: 4 },
    ]);
    expect(buildings.map((building) => building.name)).to.deep.equal(['good']);
  });

  it('takes the largest part of a multi-polygon', () => {
    const small = square(79, 37);
    const large = [
      [
        [80, 37],
        [80.1, 37],
        [80.2, 37],
        [80.2, 37.1],
        [80, 37.1],
        [80, 37],
      ],
    ];
    const { buildings } = readGeoJsonBuildings(
      collection({
        type: 'Feature',
        properties: { name: 'two parts' },
        geometry: { type: 'MultiPolygon', coordinates: [small, large] },
      }),
    );
    expect(buildings[0]?.footprint?.coordinates).to.deep.equal(large);
  });
});
