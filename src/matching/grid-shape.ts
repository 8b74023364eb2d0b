/**
 * Where the cells of a grid lie: squares of `side` metres from a corner in the plane, `columns` by `rows` of them,
 * numbered tile by tile. A tile is eight by eight cells, so that its 64 levels are one cache line and its entries
 * lie together; tiles at the rim hold cells beyond the last column and row, which stay empty.
 */
export interface GridShape {
  readonly columns: number;
  readonly rows: number;
  readonly tileColumns: number;
  readonly tileRows: number;
  readonly east0: number;
  readonly north0: number;
  readonly side: number;
}

const WISHED_OCCUPANCY = 14;
/** A build yields after this many units of work. */
export const STEP = 4096;

/** The cell of a place; places outside belong to the rim. */
export function cellOf(grid: GridShape, east: number, north: number): number {
  return cellAt(grid, columnOf(grid, east), rowOf(grid, north));
}

/** The number of the cell in a column and row. */
export function cellAt(grid: GridShape, column: number, row: number): number {
  const tile = (row >> 3) * grid.tileColumns + (column >> 3);
  return (tile << 6) | ((row & 7) << 3) | (column & 7);
}

/** How many cell numbers there are, empty ones beyond the rim included. */
export function cellCount(grid: GridShape): number {
  return (grid.tileColumns * grid.tileRows) << 6;
}

export function columnOf(grid: GridShape, east: number): number {
  const column = Math.floor((east - grid.east0) / grid.side);
  return column < 0 ? 0 : column >= grid.columns ? grid.columns - 1 : column;
}

export function rowOf(grid: GridShape, north: number): number {
  const row = Math.floor((north - grid.north0) / grid.side);
  return row < 0 ? 0 : row >= grid.rows ? grid.rows - 1 : row;
}

/** Box and cell side such that an entry shares its cell with about 12 others, seen from the entries. */
export function* chooseShape(east: Float64Array, north: Float64Array): Generator<number, GridShape, void> {
  const count = east.length;
  const [east0, width] = spread(east);
  const [north0, height] = spread(north);
  let side = Math.max(
    1,
    Math.sqrt((Math.max(width, 1) * Math.max(height, 1) * WISHED_OCCUPANCY) / Math.max(count, 1)),
  );
  side = Math.max(side, (Math.max(width, height) * WISHED_OCCUPANCY) / (4 * count + 64));
  for (let round = 0; ; round += 1) {
    const shape = shapeFor(east0, north0, width, height, side, count);
    yield STEP;
    if (round === 3) return shape;
    const seen = yield* occupancy(shape, east, north);
    if (seen < 1.4 * WISHED_OCCUPANCY || shape.side > side * 1.01) return shape;
    side *= Math.sqrt(WISHED_OCCUPANCY / seen);
  }
}

function shapeFor(
  east0: number,
  north0: number,
  width: number,
  height: number,
  wished: number,
  count: number,
): GridShape {
  const most = 4 * count + 64;
  let side = Math.max(wished, 1);
  while ((Math.floor(width / side) + 1) * (Math.floor(height / side) + 1) > most) side *= 1.1;
  const columns = Math.floor(width / side) + 1;
  const rows = Math.floor(height / side) + 1;
  return { east0, north0, side, columns, rows, tileColumns: (columns + 7) >> 3, tileRows: (rows + 7) >> 3 };
}

/** Start and length of the stretch that holds the middle 98 % of the values, with a quarter to spare. */
function spread(values: Float64Array): readonly [number, number] {
  const count = values.length;
  if (count === 0) return [0, 0];
  const sample = new Float64Array(Math.min(count, 1024));
  for (let i = 0; i < sample.length; i += 1) sample[i] = values[Math.floor((i * count) / sample.length)]!;
  sample.sort();
  const low = sample[Math.floor(0.01 * (sample.length - 1))]!;
  const high = sample[Math.ceil(0.99 * (sample.length - 1))]!;
  const spare = 0.25 * (high - low);
  const from = Math.max(sample[0]!, low - spare);
  const to = Math.min(sample.at(-1)!, high + spare);
  return [from, to - from];
}

/** Mean number of entries in the cell of an entry (a sample of entries is enough): density-weighted. */
function* occupancy(
  shape: GridShape,
  east: Float64Array,
  north: Float64Array,
): Generator<number, number, void> {
  const stride = Math.max(1, Math.floor(east.length / 65_536));
  const counts = new Int32Array(cellCount(shape));
  let seen = 0;
  let squares = 0;
  for (let i = 0; i < east.length; i += stride) {
    const cell = cellOf(shape, east[i]!, north[i]!);
    squares += 2 * counts[cell]! + 1;
    counts[cell] = counts[cell]! + 1;
    seen += 1;
    if (seen % STEP === 0) yield STEP;
  }
  return 1 + (squares / Math.max(1, seen) - 1) * stride;
}
