import { expect } from 'chai';
import { createRecipientFacts } from '../../src/notifications/recipient-facts.ts';

describe('what the relay remembers of people', () => {
  function open() {
    let nowMs = 0;
    let changed: (change: { communityId: string }) => void = () => undefined;
    const reads: string[] = [];
    const staff = new Map([['estate-one', ['desk']]]);
    const elders = new Set(['elder']);
    const facts = createRecipientFacts({
      async staffIds(communityId) {
        reads.push(`staff of ${communityId}`);
        if (communityId === 'broken') throw new Error('the store is away');
        return staff.get(communityId) ?? [];
      },
      async people(_communityId, ids) {
        reads.push(`people ${ids.join(' ')}`);
        return new Map(ids.map((id) => [id, { hasPhoneOnly: elders.has(id) }]));
      },
      onChanged: (listener) => void (changed = listener),
      clock: { now: () => new Date(nowMs) },
    });
    return {
      facts,
      reads,
      staff,
      elders,
      change: () => changed({ communityId: 'estate-one' }),
      pass: (ms: number) => void (nowMs += ms),
    };
  }

  it('is read once', async () => {
    const { facts, reads } = open();
    expect(await Promise.all([facts.staffIds('estate-one'), facts.staffIds('estate-one')])).to.deep.equal([
      ['desk'],
      ['desk'],
    ]);
    expect([...(await facts.phoneOnly('estate-one', ['elder', 'young']))]).to.deep.equal(['elder']);
    expect([...(await facts.phoneOnly('estate-one', ['young', 'other']))]).to.deep.equal([]);
    expect(reads).to.deep.equal(['staff of estate-one', 'people elder young', 'people other']);
  });

  it('is forgotten when an account of the community changes, and after ten seconds', async () => {
    const { facts, staff, elders, change, pass } = open();
    await facts.staffIds('estate-one');
    await facts.phoneOnly('estate-one', ['elder']);
    staff.set('estate-one', ['desk', 'second desk']);
    elders.clear();
    expect(await facts.staffIds('estate-one')).to.deep.equal(['desk']);
    change();
    expect(await facts.staffIds('estate-one')).to.deep.equal(['desk', 'second desk']);
    expect([...(await facts.phoneOnly('estate-one', ['elder']))]).to.deep.equal([]);
    staff.set('estate-one', []);
    pass(10_000);
    expect(await facts.staffIds('estate-one')).to.deep.equal([]);
  });

  it('is not remembered when the read failed', async () => {
    const { facts, reads } = open();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const error = await facts.staffIds('broken').catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(Error);
    }
    expect(reads).to.have.length(2);
  });
});
