import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochOrder, stepRows, stepsPerEpoch } from './batch-order.js';

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
