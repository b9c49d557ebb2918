/** Medians, ratios and differences, by hand and against SciPy's. */
import { describe, expect, it } from 'vitest';
import { meanDifference, medianOf, ratioOf } from '../src/figures.mjs';

describe('medianOf', () => {
  it('is the middle, or the mean of the middle two', () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
    expect(medianOf([10, 9])).toBe(9.5);
    expect(medianOf([])).toBeNull();
  });
});

describe('ratioOf', () => {
  it("is PyTorch's by ours: half the time counts 2", () => {
    expect(ratioOf(10, 20)).toBe(2);
    expect(ratioOf(null, 20)).toBeNull();
    expect(ratioOf(10, null)).toBeNull();
  });
});

describe('meanDifference', () => {
  it("is Welch's", () => {
    // scipy.stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.9), SciPy 1.17.
    const { difference, low, high } = meanDifference([5, 7, 6, 9, 8], [4, 5, 6], 0.9);
    expect(difference).toBeCloseTo(2, 12);
    expect(low).toBeCloseTo(0.2197532808121625, 9);
    expect(high).toBeCloseTo(3.7802467191878373, 9);
  });

  it('tells nothing of how one number varies', () => {
    expect(meanDifference([5], [4, 6], 0.9)).toEqual({ difference: 0, low: null, high: null });
  });

  it('of numbers that do not vary has no width', () => {
    expect(meanDifference([2, 2], [1, 1], 0.9)).toEqual({ difference: 1, low: 1, high: 1 });
  });
});
