import { expect } from 'chai';
import * as fc from 'fast-check';
import { createIdSource, ID_PATTERN } from '../src/ids.ts';

describe('ids', () => {
  it('are UUIDs of version 7 that carry the milliseconds of the clock', () => {
    const newId = createIdSource({ now: () => new Date(0x0123456789ab) });
    const id = newId();
    expect(id).to.match(ID_PATTERN);
    expect(id.replaceAll('-', '').slice(0, 12)).to.equal('0123456789ab');
  });

  it('made later sort later', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 47 }),
        fc.integer({ min: 1, max: 10_000 }),
        (start, later) => {
          const first = createIdSource({ now: () => new Date(start) })();
          const second = createIdSource({ now: () => new Date(start + later) })();
          expect(first < second).to.equal(true);
        },
      ),
    );
  });

  it('of one moment differ in 74 bits that nobody can guess', () => {
    const newId = createIdSource({ now: () => new Date(0) });
    expect(new Set(Array.from({ length: 1_000 }, newId)).size).to.equal(1_000);
    const all = createIdSource({ now: () => new Date(0) }, (bytes) => bytes.fill(255))();
    expect(all).to.equal('00000000-0000-7fff-bfff-ffffffffffff');
  });
});
