import { MatchingInputError } from './matching-error.ts';

/** Somebody who comes and goes: a request (task) or a helper (worker). Times and places in the file's units. */
export interface OnlineArrival {
  readonly side: 'request' | 'helper';
  readonly id: string;
  readonly arrival: number;
  readonly departure: number;
  readonly x: number;
  readonly y: number;
  /** A pair may meet within it; null: no limit from this side. */
  readonly radius: number | null;
  readonly capacity: number;
  /** The value of a pair is the product of both weights. */
  readonly weight: number;
}

/** All arrivals in the order of the file; a capacity of n stands as n arrivals in a row. */
export interface OnlineInstance {
  readonly arrivals: readonly OnlineArrival[];
}

/** Value of a pair, 0 when it may not meet: their stays must overlap in more than a moment. */
export function pairValue(request: OnlineArrival, helper: OnlineArrival): number {
  if (!(helper.arrival < request.departure && request.arrival < helper.departure)) return 0;
  const dx = request.x - helper.x;
  const dy = request.y - helper.y;
  const square = dx * dx + dy * dy;
  if (helper.radius !== null && square > helper.radius * helper.radius) return 0;
  if (request.radius !== null && square > request.radius * request.radius) return 0;
  return request.weight * helper.weight;
}

/**
 * Reads the format of GOMA (Tong et al., ICDE'16): a line "workers tasks most sumOfCapacity", then one line
 * per arrival, "time w x y radius capacity duration rate" or "time t x y duration pay". Throws
 * MatchingInputError naming the line.
 */
export function parseGoma(text: string): OnlineInstance {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const head = numbersOf(lines[0] ?? '', 'line 1');
  const arrivals: OnlineArrival[] = [];
  lines.slice(1).forEach((line, at) => {
    if (line === '') return;
    const field = `line ${at + 2}`;
    const [time = '', side = '', ...rest] = line.split(/\s+/);
    const values = numbersOf([time, ...rest].join(' '), field);
    if (side.startsWith('w') && values.length === 7) pushCopies(arrivals, gomaWorker(values, at));
    else if (side.startsWith('t') && values.length === 5) arrivals.push(gomaTask(values, at));
    else throw new MatchingInputError(field, 'a worker of 8 or a task of 6 columns');
  });
  const wanted = (head[0] ?? 0) + (head[1] ?? 0);
  const found = new Set(arrivals.map((one) => one.id)).size;
  if (found !== wanted) throw new MatchingInputError('line 1', `${wanted} arrivals promised, ${found} found`);
  return { arrivals };
}

function gomaWorker(values: readonly number[], at: number): OnlineArrival {
  const [arrival, x, y, radius, capacity, duration, weight] = values as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    side: 'helper',
    id: `w${at}`,
    arrival,
    departure: arrival + duration,
    x,
    y,
    radius,
    capacity,
    weight,
  };
}

function gomaTask(values: readonly number[], at: number): OnlineArrival {
  const [arrival, x, y, duration, weight] = values as [number, number, number, number, number];
  return {
    side: 'request',
    id: `t${at}`,
    arrival,
    departure: arrival + duration,
    x,
    y,
    radius: null,
    capacity: 1,
    weight,
  };
}

const CSV_COLUMNS = ['side', 'id', 'arrival', 'departure', 'x', 'y', 'radius', 'capacity', 'weight'] as const;

/**
 * Reads the CSV of `check:online`: a header naming the columns side (request or helper), id, arrival,
 * departure, x, y, radius (may be empty), capacity (empty: 1), weight (empty: 1), in any order. Throws
 * MatchingInputError naming line and column.
 */
export function parseOnlineCsv(text: string): OnlineInstance {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const header = (lines[0] ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (const column of CSV_COLUMNS.slice(0, 6)) {
    if (!header.includes(column)) throw new MatchingInputError('header', `a column ${column}`);
  }
  const arrivals: OnlineArrival[] = [];
  const seen = new Set<string>();
  lines.slice(1).forEach((line, at) => {
    const cells = line.split(',').map((cell) => cell.trim());
    const cell = (column: (typeof CSV_COLUMNS)[number]): string => cells[header.indexOf(column)] ?? '';
    const field = (column: string): string => `line ${at + 2}, ${column}`;
    const number = (column: (typeof CSV_COLUMNS)[number]): number => numberOf(cell(column), field(column));
    const side = cell('side').toLowerCase();
    if (side !== 'request' && side !== 'helper') {
      throw new MatchingInputError(field('side'), 'request or helper');
    }
    const key = `${side} ${cell('id')}`;
    if (seen.has(key)) throw new MatchingInputError(field('id'), 'no id twice on one side');
    seen.add(key);
    const one: OnlineArrival = {
      side,
      id: cell('id'),
      arrival: number('arrival'),
      departure: number('departure'),
      x: number('x'),
      y: number('y'),
      radius: cell('radius') === '' ? null : number('radius'),
      capacity: cell('capacity') === '' ? 1 : number('capacity'),
      weight: cell('weight') === '' ? 1 : number('weight'),
    };
    checkArrival(one, field);
    pushCopies(arrivals, one);
  });
  return { arrivals };
}

function checkArrival(one: OnlineArrival, field: (column: string) => string): void {
  if (one.departure < one.arrival) throw new MatchingInputError(field('departure'), 'not before the arrival');
  if (one.radius !== null && one.radius < 0) throw new MatchingInputError(field('radius'), 'not negative');
  if (one.weight < 0) throw new MatchingInputError(field('weight'), 'not negative');
  if (!Number.isInteger(one.capacity) || one.capacity < 0 || one.capacity > 10_000) {
    throw new MatchingInputError(field('capacity'), 'a whole number from 0 to 10000');
  }
}

function pushCopies(arrivals: OnlineArrival[], one: OnlineArrival): void {
  for (let copy = 0; copy < one.capacity; copy += 1) arrivals.push(one);
}

function numbersOf(line: string, field: string): readonly number[] {
  return line === '' ? [] : line.split(/\s+/).map((cell) => numberOf(cell, field));
}

function numberOf(cell: string, field: string): number {
  const value = cell === '' ? NaN : Number(cell);
  if (!Number.isFinite(value)) throw new MatchingInputError(field, `a number, not "${cell}"`);
  return value;
}
