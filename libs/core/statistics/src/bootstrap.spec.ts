/**
 * Intervals against SciPy (`tools/reference/bootstrap_numbers.py`): binomial quantiles, and its own
 * bootstrap.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootstrapMeans, type BootstrapOptions, type Interval } from './index.js';

interface Reference {
  readonly binomial: readonly (Interval & { readonly rows: number; readonly right: number })[];
  readonly thirds: Readonly<Record<'before' | 'after', readonly number[]>>;
  readonly scipyBootstrap: Readonly<Record<'before' | 'after' | 'difference', Interval>>;
}

const reference = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../fixtures/bootstrap.json'), 'utf8'),
) as Reference;
const OPTIONS: BootstrapOptions = { resamples: 10_000, seed: 1, level: 0.95 };

describe('means of right and wrong answers', () => {
  it.each(reference.binomial)(
    '$right of $rows: the quantiles of a binomial',
    ({ rows, right, low, high }) => {
      const scores = Float64Array.from({ length: rows }, (_, row) => (row < right ? 1 : 0));
      const [interval] = bootstrapMeans([scores], OPTIONS);
      // A quantile of 10,000 draws may miss by one value that a mean can take.
      expect(Math.abs(interval!.low - low)).toBeLessThanOrEqual(1.001 / rows);
      expect(Math.abs(interval!.high - high)).toBeLessThanOrEqual(1.001 / rows);
    },
  );

  it('all right: nothing to vary', () => {
    expect(bootstrapMeans([new Float64Array(9).fill(1)], OPTIONS)).toEqual([{ low: 1, high: 1 }]);
  });
});

describe('scores of the same rows', () => {
  const before = Float64Array.from(reference.thirds.before, (right) => right / 3);
  const after = Float64Array.from(reference.thirds.after, (right) => right / 3);
  const difference = after.map((score, row) => score - before[row]!);
  const found = bootstrapMeans([before, after, difference], OPTIONS);

  it('have the intervals of scipy.stats.bootstrap', () => {
    (['before', 'after', 'difference'] as const).forEach((name, place) => {
      expect(Math.abs(found[place]!.low - reference.scipyBootstrap[name].low), name).toBeLessThan(0.005);
      expect(Math.abs(found[place]!.high - reference.scipyBootstrap[name].high), name).toBeLessThan(0.005);
    });
  });

  it('are drawn together: the difference varies less than two sets of rows would', () => {
    const width = ({ low, high }: Interval): number => high - low;
    const [wide, other, paired] = found.map(width);
    expect(paired).toBeLessThan(0.8 * Math.hypot(wide!, other!));
    // Each alone is as with the others beside it.
    expect(bootstrapMeans([difference], OPTIONS)).toEqual([found[2]]);
  });

  it('the same seed gives the same interval, another seed or level another', () => {
    expect(bootstrapMeans([after], OPTIONS)).toEqual([found[1]]);
    expect(bootstrapMeans([after], { ...OPTIONS, seed: 2, resamples: 999 })).not.toEqual([found[1]]);
    const [half] = bootstrapMeans([after], { ...OPTIONS, level: 0.5 });
    // The middle half of a normal distribution is 0.6745 / 1.96 as wide as the middle 95 %.
    expect(width(half!) / width(found[1]!)).toBeCloseTo(0.344, 1);
  });

  const width = ({ low, high }: Interval): number => high - low;
});
