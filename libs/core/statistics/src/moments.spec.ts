/** Mean, variance and median against those of Python's `statistics`. */
import { describe, expect, it } from 'vitest';
import { meanOf, medianOf, varianceOf } from './index.js';

describe('mean, variance and median', () => {
  const numbers = [0.3, -2, 5.5, 10, 0.1];

  it('are those of Python', () => {
    expect(meanOf(numbers)).toBeCloseTo(2.78, 14);
    expect(varianceOf(numbers)).toBeCloseTo(23.927, 12);
    expect(medianOf(numbers)).toBe(0.3);
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
  });

  it('add up in the order of the numbers, of an array and of a typed array alike', () => {
    const order = [0.1, 0.2, 0.3, 1e17, -1e17];
    expect(meanOf(order)).toBe((0.1 + 0.2 + 0.3 + 1e17 - 1e17) / 5);
    expect(meanOf(Float64Array.from(order))).toBe(meanOf(order));
    expect(varianceOf(Float64Array.from(numbers))).toBe(varianceOf(numbers));
  });

  it('of too few numbers are no number', () => {
    expect([meanOf([]), medianOf([]), varianceOf([1])]).toEqual([NaN, NaN, NaN]);
  });
});
