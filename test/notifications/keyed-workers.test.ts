import { expect } from 'chai';
import * as fc from 'fast-check';
import { createKeyedWorkers } from '../../src/notifications/keyed-workers.ts';
import { createPersonQueues } from '../../src/notifications/person-queues.ts';

/** Promises that a test opens one by one. */
function createGates() {
  const waiting: { key: string; open: () => void }[] = [];
  return {
    waiting,
    wait: (key: string) => new Promise<void>((open) => void waiting.push({ key, open })),
    async openNext(): Promise<void> {
      waiting.shift()?.open();
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    },
  };
}

describe('workers by document', () => {
  it('never handles one document twice at once and never forgets a request made meanwhile', async () => {
    const gates = createGates();
    const workers = createKeyedWorkers(4, gates.wait);
    workers.request('a');
    workers.request('a');
    workers.request('a');
    expect(gates.waiting.map(({ key }) => key)).to.deep.equal(['a']);
    await gates.openNext();
    expect(gates.waiting.map(({ key }) => key)).to.deep.equal(['a']);
    await gates.openNext();
    expect(gates.waiting).to.deep.equal([]);
    await workers.idle();
  });

  it('handles at most so many at once, the others in the order of their first request', async () => {
    const gates = createGates();
    const workers = createKeyedWorkers(2, gates.wait);
    for (const key of ['a', 'b', 'c', 'd', 'c']) workers.request(key);
    expect(gates.waiting.map(({ key }) => key)).to.deep.equal(['a', 'b']);
    await gates.openNext();
    expect(gates.waiting.map(({ key }) => key)).to.deep.equal(['b', 'c']);
    await gates.openNext();
    expect(gates.waiting.map(({ key }) => key)).to.deep.equal(['c', 'd']);
  });

  it('stops after what runs, and takes nothing more', async () => {
    const gates = createGates();
    const workers = createKeyedWorkers(1, gates.wait);
    workers.request('a');
    workers.request('b');
    const stopped = workers.stop();
    workers.request('c');
    await gates.openNext();
    await stopped;
    expect(gates.waiting).to.deep.equal([]);
  });
});

describe('turns by person', () => {
  it('work that shares a person keeps its order, whatever else is going on', async () => {
    const programs = fc.array(
      fc.record({
        people: fc.uniqueArray(fc.constantFrom<string[]>('a', 'b', 'c', 'd'), { minLength: 1 }),
        turns: fc.nat(5),
        fails: fc.boolean(),
      }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        const inTurn = createPersonQueues();
        const inside = new Set<string>();
        const order = new Map<string, number[]>();
        await Promise.allSettled(
          program.map(({ people, turns, fails }, index) =>
            inTurn(people, async () => {
              for (const person of people) {
                expect(inside.has(person)).to.equal(false);
                inside.add(person);
                order.set(person, [...(order.get(person) ?? []), index]);
              }
              for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
              for (const person of people) inside.delete(person);
              if (fails) throw new Error('as told');
            }),
          ),
        );
        for (const [person, indexes] of order) {
          const expected = program.flatMap(({ people }, index) => (people.includes(person) ? [index] : []));
          expect(indexes).to.deep.equal(expected);
        }
      }),
    );
  });
});
