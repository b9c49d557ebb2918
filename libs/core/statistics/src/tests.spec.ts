/** Student, McNemar and Friedman against SciPy (`tools/reference/statistics_numbers.py`). */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { criticalDifference, friedman, mcnemar, meanInterval, studentQuantile } from './index.js';

interface Reference {
  readonly student: readonly { share: number; freedom: number; quantile: number }[];
  readonly mean: { numbers: number[]; mean: number; low: number; high: number };
  readonly mcnemar: readonly { onlyFirst: number; onlySecond: number; p: number }[];
  readonly friedman: readonly { scores: number[][]; meanRanks: number[]; p: number }[];
  readonly nemenyi: readonly { methods: number; sets: number; difference: number }[];
}

const reference = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../fixtures/tests.json'), 'utf8'),
) as Reference;

/** Relative. */
const expectClose = (found: number | null, expected: number, tolerance: number): void =>
  expect(Math.abs(found! - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));

describe("Student's t", () => {
  it.each(reference.student)('the quantile at $share with $freedom degrees', ({ share, freedom, quantile }) =>
    expectClose(studentQuantile(share, freedom), quantile, 1e-9),
  );

  it('the middle is 0', () => expect(studentQuantile(0.5, 3)).toBe(0));

  it('the interval of a mean', () => {
    const { numbers, ...expected } = reference.mean;
    const found = meanInterval(numbers, 0.95);
    for (const end of ['mean', 'low', 'high'] as const) expectClose(found[end], expected[end], 1e-9);
  });

  it('one number has a mean and no interval', () =>
    expect(meanInterval([0.7], 0.95)).toEqual({ mean: 0.7, low: null, high: null }));
});

describe('McNemar', () => {
  it.each(reference.mcnemar)('$onlyFirst against $onlySecond', ({ p, ...disagreements }) =>
    expectClose(mcnemar(disagreements), p, 1e-9),
  );
});

describe('Friedman', () => {
  it.each(reference.friedman)('mean ranks and p, ties included', ({ scores, meanRanks, p }) => {
    const found = friedman(scores);
    found.meanRanks.forEach((rank, method) => expectClose(rank, meanRanks[method]!, 1e-12));
    expectClose(found.p, p, 1e-8);
  });

  it('has no F where all data sets agree or all methods tie', () => {
    expect(
      friedman([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual({ meanRanks: [2, 1], p: null });
    expect(
      friedman([
        [1, 1],
        [2, 2],
      ]),
    ).toEqual({ meanRanks: [1.5, 1.5], p: null });
  });

  it.each(reference.nemenyi)('the critical difference of $methods methods', ({ methods, sets, difference }) =>
    expectClose(criticalDifference(methods, sets), difference, 1e-4),
  );

  it('is tabulated for 2 to 20 methods', () => {
    expect(criticalDifference(21, 8)).toBeNull();
    expect(criticalDifference(1, 8)).toBeNull();
  });
});
