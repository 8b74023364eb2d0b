import { deserialize, serialize } from 'bson';
import { expect } from 'chai';
import { createIterableSource } from '../../../../src/storage/embedded/query/cursor-source.ts';
import { UNCONTROLLED } from '../../../../src/storage/embedded/query/slices.ts';
import { errorOf } from '../support.ts';

describe('the cursor of an aggregation', () => {
  let isReleased: boolean;

  async function* results(count: number, text: string) {
    try {
      for (let n = 0; n < count; n++) yield serialize({ n, text });
    } finally {
      isReleased = true;
    }
  }

  beforeEach(() => {
    isReleased = false;
  });

  it('keeps what is left when it lies idle, and lets its moment go', async () => {
    const source = createIterableSource(results(7, ''));
    const first = await source.pull(3, UNCONTROLLED);
    await source.rest!();
    expect(isReleased).to.equal(true);
    const second = await source.pull(10, UNCONTROLLED);
    expect(second.isExhausted).to.equal(true);
    const all = [...first.documents, ...second.documents].map(
      (document) => deserialize(document)['n'] as number,
    );
    expect(all).to.deep.equal([0, 1, 2, 3, 4, 5, 6]);
  });

  it('is killed with 175 when too much is left', async () => {
    const source = createIterableSource(results(100, 'x'.repeat(1_000_000)));
    await source.pull(1, UNCONTROLLED);
    await source.rest!();
    expect(isReleased).to.equal(true);
    let error: unknown;
    for (let i = 0; i < 100 && error === undefined; i++) {
      await Promise.resolve(source.pull(1, UNCONTROLLED)).catch((thrown: unknown) => {
        error = thrown;
      });
    }
    expect(error).to.include({ code: 175 });
    expect(await errorOf(Promise.resolve(source.pull(1, UNCONTROLLED)))).to.include({ code: 175 });
  });
});
