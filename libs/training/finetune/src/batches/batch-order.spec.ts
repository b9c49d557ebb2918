import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochOrder, groupedByLength, stepRows, stepsPerEpoch } from './batch-order.js';

const sorted = (order: Int32Array): number[] => Array.from(order).sort((a, b) => a - b);

describe('the order of an epoch', () => {
  it('is a permutation', () => {
    const places = fc.tuple(fc.maxSafeNat(), fc.nat(3), fc.nat(1000), fc.nat(200));
    fc.assert(
      fc.property(places, ([seed, phase, epoch, rows]) => {
        expect(sorted(epochOrder(seed, phase, epoch, rows))).toEqual(
          Array.from({ length: rows }, (_, row) => row),
        );
      }),
    );
  });

  // By hand with numpy's MT19937, see epoch_order in tools/reference/sequential.py.
  it('is the one that an independent Mersenne twister gives', () => {
    expect(Array.from(epochOrder(7, 0, 0, 10))).toEqual([8, 5, 2, 1, 0, 6, 4, 3, 9, 7]);
    expect(Array.from(epochOrder(7, 1, 0, 7))).toEqual([5, 0, 6, 3, 1, 4, 2]);
  });

  it('differs between seeds, phases and epochs, also past 32 bits, and repeats otherwise', () => {
    const orders = [1, 2, 2 ** 32 + 1].flatMap((seed) =>
      [0, 1, 2].flatMap((phase) => [0, 1, 2].map((epoch) => epochOrder(seed, phase, epoch, 50).join())),
    );
    expect(new Set(orders).size).toBe(orders.length);
    expect(epochOrder(1, 0, 0, 50).join()).toBe(orders[0]);
  });

  it('puts every row into every place about equally often', () => {
    const [rows, epochs] = [5, 4000];
    const counts = new Int32Array(rows * rows);
    for (let epoch = 0; epoch < epochs; epoch++) {
      epochOrder(3, 0, epoch, rows).forEach((row, place) => counts[row * rows + place]!++);
    }
    const expected = epochs / rows;
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 16 degrees of freedom: 39.25 is exceeded once in a thousand times.
    expect(chiSquared).toBeLessThan(39.25);
  });
});

describe('the rows of a step', () => {
  it('go through each epoch once, the last step of each with what is left', () => {
    const rowsOf = stepRows(5, 1, 10, 4);
    expect(stepsPerEpoch(10, 4)).toBe(3);
    for (const epoch of [0, 1]) {
      const steps = [0, 1, 2].map((step) => Array.from(rowsOf(3 * epoch + step)));
      expect(steps.map((rows) => rows.length)).toEqual([4, 4, 2]);
      expect(steps.flat()).toEqual(Array.from(epochOrder(5, 1, epoch, 10)));
    }
  });

  it('do not depend on which steps were asked for before', () => {
    const all = stepRows(5, 0, 10, 4);
    const inOrder = [0, 1, 2, 3, 4].map((step) => Array.from(all(step)));
    expect(Array.from(stepRows(5, 0, 10, 4)(4))).toEqual(inOrder[4]);
    expect(Array.from(all(1))).toEqual(inOrder[1]);
  });
});

describe('grouping by length', () => {
  // 250 rows in batches of 4: one stretch of 50 batches and one of 12, and 2 rows over.
  const [rows, texts] = [250, 4];
  const lengths = Int32Array.from({ length: rows }, (_, row) => 3 + ((row * 37) % 101));
  const order = epochOrder(5, 1, 0, rows);
  const batchesOf = (all: ArrayLike<number>): number[][] => {
    const list = Array.from(all);
    return Array.from({ length: Math.ceil(rows / texts) }, (_, batch) =>
      list.slice(batch * texts, (batch + 1) * texts),
    );
  };
  const spread = (batch: readonly number[]): number =>
    Math.max(...batch.map((row) => lengths[row]!)) - Math.min(...batch.map((row) => lengths[row]!));

  it('has every row once, batches of like length in no order of length', () => {
    const grouped = groupedByLength(order, lengths, texts, [5, 1, 0]);
    expect([...grouped].sort((a, b) => a - b)).toEqual([...Array(rows).keys()]);
    // By hand: sorted within the first 200 and the last 50 rows of the random order, then cut.
    const byHand = batchesOf(
      [order.slice(0, 200), order.slice(200)].flatMap((stretch) =>
        Array.from(stretch).sort((a, b) => lengths[b]! - lengths[a]!),
      ),
    );
    const found = batchesOf(grouped);
    const name = (batch: readonly number[]): string => batch.join();
    expect(found.map(name).sort()).toEqual(byHand.map(name).sort());
    expect(found.at(-1)).toEqual(byHand.at(-1));
    expect(found.map(name)).not.toEqual(byHand.map(name));
    const mean = (batches: number[][]): number =>
      batches.reduce((sum, batch) => sum + spread(batch), 0) / batches.length;
    expect(mean(found)).toBeLessThan(mean(batchesOf(order)) / 10);
  });

  it('is what steps see that are told lengths, another order in each epoch', () => {
    const rowsOf = stepRows(5, 1, rows, texts, lengths);
    const steps = stepsPerEpoch(rows, texts);
    const epoch = (number: number): number[] =>
      Array.from({ length: steps }, (_, step) => [...rowsOf(number * steps + step)]).flat();
    expect(epoch(0)).toEqual([...groupedByLength(order, lengths, texts, [5, 1, 0])]);
    expect(epoch(1)).not.toEqual(epoch(0));
  });
});
