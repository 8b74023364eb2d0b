import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { qrCode } from '../../../client/src/screens/sign-in/qr-code.ts';

const drawn = (text: string): string =>
  qrCode(text)
    .map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))
    .join('\n');

describe('the QR code of the second factor', () => {
  it('draws a known text module by module (read back by an independent reader when it was recorded)', () => {
    const digest = createHash('sha256')
      .update(drawn('otpauth://totp/Linli:rena?secret=JBSWY3DPEHPK3PXP'))
      .digest('hex');
    expect(digest).to.equal('9b8ad7ca574dd5cf5391e0e6f43d4b00f15e93a36f340ca1cfe9f22218e819a4');
  });

  it('has its three finders, its timing lines and the same format bits twice, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'grapheme' }), (text) => {
        const grid = qrCode(text);
        const size = grid.length;
        const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'];
        for (const [x, y] of [
          [0, 0],
          [size - 7, 0],
          [0, size - 7],
        ] as const) {
          const seen = finder.map((_, dy) =>
            Array.from(finder, (_, dx) => (grid[y + dy]![x + dx] ? '#' : '.')).join(''),
          );
          expect(seen).to.deep.equal(finder);
        }
        for (let at = 8; at < size - 8; at += 1) expect(grid[6]![at]).to.equal(at % 2 === 0);
        const beside = [...[0, 1, 2, 3, 4, 5, 7].map((y) => grid[y]![8]), grid[8]![8]];
        const apart = Array.from({ length: 8 }, (_, at) => grid[8]![size - 1 - at]);
        expect(beside).to.deep.equal(apart);
        expect(grid[size - 8]![8]).to.equal(true);
      }),
    );
  });

  it('grows with the text up to 271 bytes and refuses more', () => {
    expect(qrCode('a')).to.have.length(21);
    expect(qrCode('a'.repeat(271))).to.have.length(57);
    expect(() => qrCode('a'.repeat(272))).to.throw(RangeError);
  });
});
