import { expect } from 'chai';
import { addressKey } from '../../src/http/rate-limits.ts';

describe('an address, for limits', () => {
  it('of IPv6 is its /64 network, because one household has a whole one', () => {
    expect(addressKey('2001:db8:1:2::1')).to.equal(addressKey('2001:db8:1:2:ffff:ffff:ffff:ffff'));
    expect(addressKey('2001:0db8:0001:0002:0:0:0:1')).to.equal(addressKey('2001:db8:1:2::1'));
    expect(addressKey('2001:db8:1:3::1')).to.not.equal(addressKey('2001:db8:1:2::1'));
    expect(addressKey('::1')).to.equal(addressKey('0:0:0:0::2'));
  });
  it('of IPv4 is the same when it comes mapped into IPv6', () => {
    expect(addressKey('::ffff:192.0.2.7')).to.equal(addressKey('192.0.2.7'));
    expect(addressKey('192.0.2.8')).to.not.equal(addressKey('192.0.2.7'));
  });
  it('cannot be read back from its key', () => {
    expect(addressKey('192.0.2.7')).to.not.contain('192');
  });
});
