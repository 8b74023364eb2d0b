import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { openBytes, sealBytes, UnreadableField } from '../../src/privacy/sealed-field.ts';

const key = { kid: 'a', key: randomBytes(32) };
const place = { collection: 'accounts', id: 'p1', field: 'door' };

describe('a sealed field', () => {
  it('opens to the same bytes at the same place with the same key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (plain) => {
        expect(new Uint8Array(openBytes(key, place, sealBytes(key, place, plain)))).to.deep.equal(plain);
      }),
    );
  });

  it('does not open when any bit of it was changed', () => {
    const sealed = sealBytes(key, place, Buffer.from('5-2-301'));
    for (const part of ['iv', 'ct', 'tag'] as const) {
      const bytes = Buffer.from(sealed[part], 'base64url');
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => openBytes(key, place, { ...sealed, [part]: changed.toString('base64url') })).to.throw(
          UnreadableField,
        );
      }
    }
  });

  it('does not open elsewhere, or with another key', () => {
    const sealed = sealBytes(key, place, Buffer.from('5-2-301'));
    for (const moved of [
      { ...place, id: 'p2' },
      { ...place, field: 'phone' },
      { ...place, collection: 'helpRequests' },
    ]) {
      expect(() => openBytes(key, moved, sealed)).to.throw(UnreadableField);
    }
    expect(() => openBytes({ kid: 'a', key: randomBytes(32) }, place, sealed)).to.throw(UnreadableField);
    expect(() => openBytes({ kid: 'b', key: key.key }, place, sealed)).to.throw(UnreadableField);
  });

  it('never looks the same twice', () => {
    const first = sealBytes(key, place, Buffer.from('same'));
    const second = sealBytes(key, place, Buffer.from('same'));
    expect(first.ct).to.not.equal(second.ct);
  });
});
