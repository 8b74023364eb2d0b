/**
 * A QR code of a short text, so that a second factor can be scanned without any image from outside.
 * Byte mode, error correction L, versions 1 to 10 (at most 271 bytes), after ISO/IEC 18004; the order of the
 * steps follows the reference description by Project Nayuki.
 */
const CHECK_CODEWORDS = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18] as const;
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4] as const;
const ALL_CODEWORDS = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346] as const;
const ALIGNMENT = [[], [18], [22], [26], [30], [34], [22, 38], [24, 42], [26, 46], [28, 50]] as const;
const LEVEL_L = 1;

type Grid = boolean[][];

/**
 * The dark modules of the code, row by row, without the quiet border (readers need four light modules around).
 * @throws RangeError when the text has more than 271 bytes in UTF-8.
 */
export function qrCode(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  const version = ALL_CODEWORDS.findIndex((_, index) => bytes.length <= roomFor(index + 1)) + 1;
  if (version === 0) throw new RangeError('Too long for a QR code of this size.');
  const size = 17 + 4 * version;
  const dark: Grid = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const fixed: Grid = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  drawFixed(dark, fixed, version);
  drawBits(dark, fixed, interleave(codewordsOf(bytes, version), version));
  return bestMask(dark, fixed);
}

function contentCodewords(version: number): number {
  return ALL_CODEWORDS[version - 1]! - CHECK_CODEWORDS[version - 1]! * BLOCKS[version - 1]!;
}

function roomFor(version: number): number {
  return contentCodewords(version) - (version < 10 ? 2 : 3);
}

function codewordsOf(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const push = (value: number, length: number): void => {
    for (let at = length - 1; at >= 0; at -= 1) bits.push((value >>> at) & 1);
  };
  push(0b0100, 4);
  push(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) push(byte, 8);
  const room = contentCodewords(version) * 8;
  push(0, Math.min(4, room - bits.length));
  push(0, (8 - (bits.length % 8)) % 8);
  const words: number[] = [];
  for (let at = 0; at < bits.length; at += 8) words.push(parseInt(bits.slice(at, at + 8).join(''), 2));
  for (let pad = 0xec; words.length < room / 8; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/** Splits into blocks, adds the Reed-Solomon check words of each, and takes them column by column. */
function interleave(words: number[], version: number): number[] {
  const blocks = BLOCKS[version - 1]!;
  const checks = CHECK_CODEWORDS[version - 1]!;
  const all = ALL_CODEWORDS[version - 1]!;
  const shortBlocks = blocks - (all % blocks);
  const shortLength = Math.floor(all / blocks) - checks;
  const divisor = divisorOf(checks);
  const contents: number[][] = [];
  const remainders: number[][] = [];
  for (let block = 0, at = 0; block < blocks; block += 1) {
    const length = shortLength + (block < shortBlocks ? 0 : 1);
    const content = words.slice(at, at + length);
    at += length;
    contents.push(content);
    remainders.push(remainderOf(content, divisor));
  }
  const columns = (rows: number[][], width: number): number[] =>
    Array.from({ length: width }, (_, column) => rows.flatMap((row) => row.slice(column, column + 1))).flat();
  return [...columns(contents, shortLength + 1), ...columns(remainders, checks)];
}

function multiply(one: number, other: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((other >>> bit) & 1) * one;
  }
  return product & 0xff;
}

function divisorOf(degree: number): number[] {
  const divisor = [...Array.from({ length: degree - 1 }, () => 0), 1];
  let root = 1;
  for (let round = 0; round < degree; round += 1) {
    for (let at = 0; at < degree; at += 1) {
      divisor[at] = multiply(divisor[at]!, root) ^ (divisor[at + 1] ?? 0);
    }
    root = multiply(root, 2);
  }
  return divisor;
}

function remainderOf(content: readonly number[], divisor: readonly number[]): number[] {
  const remainder = divisor.map(() => 0);
  for (const word of content) {
    const factor = word ^ remainder.shift()!;
    remainder.push(0);
    for (const [at, coefficient] of divisor.entries()) {
      remainder[at] = remainder[at]! ^ multiply(coefficient, factor);
    }
  }
  return remainder;
}

function drawFixed(dark: Grid, fixed: Grid, version: number): void {
  const size = dark.length;
  const set = (x: number, y: number, on: boolean): void => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    dark[y]![x] = on;
    fixed[y]![x] = true;
  };
  for (let at = 0; at < size; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  const square = (centreX: number, centreY: number, radius: number, light: readonly number[]): void => {
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) {
        set(centreX + dx, centreY + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
      }
    }
  };
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(x, y, 4, [2, 4]);
  const places = version === 1 ? [] : [6, ...ALIGNMENT[version - 1]!];
  const last = places.length - 1;
  for (const [i, x] of places.entries()) {
    for (const [j, y] of places.entries()) {
      const onFinder = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
      if (!onFinder) square(x, y, 2, [1]);
    }
  }
  drawFormat(dark, fixed, 0);
  if (version >= 7) drawVersion(set, size, version);
}

function drawVersion(set: (x: number, y: number, on: boolean) => void, size: number, version: number): void {
  let rest = version;
  for (let round = 0; round < 12; round += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let at = 0; at < 18; at += 1) {
    const on = ((bits >>> at) & 1) === 1;
    const far = size - 11 + (at % 3);
    const near = Math.floor(at / 3);
    set(far, near, on);
    set(near, far, on);
  }
}

function drawFormat(dark: Grid, fixed: Grid, mask: number): void {
  const size = dark.length;
  const content = (LEVEL_L << 3) | mask;
  let rest = content;
  for (let round = 0; round < 10; round += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((content << 10) | rest) ^ 0x5412;
  const set = (x: number, y: number, on: boolean): void => {
    dark[y]![x] = on;
    fixed[y]![x] = true;
  };
  for (let at = 0; at < 15; at += 1) {
    const on = ((bits >>> at) & 1) === 1;
    if (at < 6) set(8, at, on);
    else if (at < 8) set(8, at + 1, on);
    else if (at === 8) set(7, 8, on);
    else set(14 - at, 8, on);
    if (at < 8) set(size - 1 - at, 8, on);
    else set(8, size - 15 + at, on);
  }
  set(8, size - 8, true);
}

/** Two columns at a time from the right, up and down in turn, leaving out column 6. */
function drawBits(dark: Grid, fixed: Grid, words: readonly number[]): void {
  const size = dark.length;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const upward = ((right + 1) & 2) === 0;
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (fixed[y]![x] || at >= words.length * 8) continue;
        dark[y]![x] = ((words[at >>> 3]! >>> (7 - (at & 7))) & 1) === 1;
        at += 1;
      }
    }
  }
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function bestMask(dark: Grid, fixed: Grid): Grid {
  const masked = MASKS.map((mask, number) => {
    const grid = dark.map((row, y) => row.map((on, x) => (fixed[y]![x] ? on : on !== mask(x, y))));
    drawFormat(
      grid,
      fixed.map((row) => [...row]),
      number,
    );
    return { grid, penalty: penaltyOf(grid) };
  });
  masked.sort((one, other) => one.penalty - other.penalty);
  return masked[0]!.grid;
}

/** How hard the grid is to read: long runs, blocks of one colour, finder look-alikes, uneven darkness. */
function penaltyOf(grid: Grid): number {
  const size = grid.length;
  const columns = grid.map((_, x) => grid.map((row) => row[x]!));
  let penalty = 0;
  for (const line of [...grid, ...columns]) {
    const text = line.map(Number).join('');
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) penalty += run.length - 2;
    penalty += 40 * (text.match(/(?=10111010000|00001011101)/g) ?? []).length;
  }
  for (let y = 0; y < size - 1; y += 1) {
    for (let x = 0; x < size - 1; x += 1) {
      const on = grid[y]![x];
      if (on === grid[y]![x + 1] && on === grid[y + 1]![x] && on === grid[y + 1]![x + 1]) penalty += 3;
    }
  }
  const share = grid.flat().filter(Boolean).length / size ** 2;
  return penalty + 10 * Math.floor(Math.abs(share - 0.5) * 20);
}
