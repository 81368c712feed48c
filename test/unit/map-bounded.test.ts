import { describe, expect, test } from 'vitest';
import { CALLS_AT_ONCE, mapBounded } from '../../shared/domain/map-bounded.ts';

const numbers = Array.from({ length: 100 }, (_, index) => index);

/** Work that ends when it is told to, in any order. */
function held() {
  const waiting: { readonly value: number; readonly end: () => void; readonly fail: (error: Error) => void }[] = [];
  const work = (value: number) =>
    new Promise<number>((resolve, fail) => void waiting.push({ value, end: () => resolve(value * 2), fail }));
  return { waiting, work };
}
function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('mapBounded', () => {
  test('has no more under way than allowed, starts in order, and starts the next as soon as one ends', async () => {
    const { waiting, work } = held();
    const all = mapBounded(numbers, work, 3);
    await turn();
    expect(waiting.map(({ value }) => value)).toEqual([0, 1, 2]);
    waiting[1]?.end();
    await turn();
    expect(waiting.map(({ value }) => value)).toEqual([0, 1, 2, 3]);
    for (let ended = 0; ended < waiting.length; ended += 1) {
      waiting[ended]?.end();
      await turn();
    }
    expect(await all).toEqual(numbers.map((value) => value * 2));
  });

  test('stays below the sockets of an AWS client if no bound is given', async () => {
    const { waiting, work } = held();
    void mapBounded(numbers, work);
    await turn();
    expect(waiting).toHaveLength(CALLS_AT_ONCE);
    expect(CALLS_AT_ONCE).toBeLessThan(50);
  });

  test('rejects with the first failure, and starts nothing more', async () => {
    const { waiting, work } = held();
    const all = mapBounded(numbers, work, 2);
    await turn();
    waiting[0]?.fail(new Error('throttled'));
    await expect(all).rejects.toThrow('throttled');
    waiting[1]?.end();
    await turn();
    expect(waiting).toHaveLength(2);
  });

  test('gives nothing for nothing', async () => {
    expect(await mapBounded([], async () => 1)).toEqual([]);
  });
});
