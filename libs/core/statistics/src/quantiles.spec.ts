/** Quantiles against numpy's. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantilesOf } from './quantiles.js';

describe('quantiles', () => {
  it('are those of numpy.percentile', () => {
    // numpy.percentile([31, 4, 15, 9, 2, 6, 53, 5, 8, 97], [0, 5, 25, 50, 75, 95, 100])
    const numbers = Int32Array.of(31, 4, 15, 9, 2, 6, 53, 5, 8, 97);
    const expected = [2, 2.9, 5.25, 8.5, 27, 77.2, 97];
    quantilesOf(numbers, [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]).forEach((quantile, i) =>
      expect(quantile).toBeCloseTo(expected[i]!, 10),
    );
    expect([...numbers.subarray(0, 3)]).toEqual([31, 4, 15]);
  });

  it('rise from the least to the most number', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (all) => {
        const found = quantilesOf(Int32Array.from(all), [0, 0.2, 0.4, 0.6, 0.8, 1]);
        expect(found[0]).toBe(Math.min(...all));
        expect(found.at(-1)).toBe(Math.max(...all));
        expect(found).toEqual([...found].sort((a, b) => a - b));
      }),
    );
  });

  it('of nothing are no numbers', () => expect(quantilesOf(Int32Array.of(), [0, 0.5])).toEqual([NaN, NaN]));
});
