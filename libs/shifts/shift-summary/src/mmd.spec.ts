import { drawSubset, type Draw } from '@layerwise/pairs';
import { describe, expect, it } from 'vitest';
import { normalVectors, stacked } from '../test/formula.js';
import { reference, trainRows } from '../test/reference.js';
import { medianDistance, rbfKernel, squaredDistances, type Matrix } from './kernel.js';
import { mmdTest } from './mmd.js';
import { drawsFor } from './random.js';

function kernelOf(vectors: Matrix): Float64Array {
  const squares = squaredDistances(vectors);
  return rbfKernel(squares, medianDistance(squares));
}

describe('against SciPy and NumPy', () => {
  it.each(reference.cases)('median distance and MMD² of $rowsOriginal and $rowsShifted rows', (one) => {
    const vectors = stacked(...trainRows(one));
    const squares = squaredDistances(vectors);
    const sigma = medianDistance(squares);
    expect(sigma).toBeCloseTo(one.mmd.medianDistance, 12);
    const { mmdSquared } = mmdTest(
      rbfKernel(squares, sigma),
      vectors.rows,
      one.rowsOriginal,
      1,
      drawsFor(1, 'deals'),
    );
    expect(mmdSquared).toBeCloseTo(one.mmd.mmdSquared, 12);
  });
});

it('takes the mean of the two middle distances where their number is even', () => {
  // Numbers 0, 1, 3, 7 on a line: distances 1, 2, 3, 4, 6, 7.
  const squares = squaredDistances({ rows: 4, size: 1, values: Float32Array.of(0, 1, 3, 7) });
  expect(medianDistance(squares)).toBe(3.5);
});

it('sums up a deal as the formula does, pair by pair', () => {
  const [rows, first] = [9, 4];
  const kernel = kernelOf(normalVectors(drawsFor(4, 'vectors'), rows, 3));
  const at = (i: number, j: number) => kernel[(Math.max(i, j) * (Math.max(i, j) - 1)) / 2 + Math.min(i, j)]!;
  const direct = (part: readonly number[]) => {
    const rest = [...Array(rows).keys()].filter((row) => !part.includes(row));
    const mean = (a: readonly number[], b: readonly number[]) => {
      const values = a.flatMap((i) => b.filter((j) => j !== i).map((j) => at(i, j)));
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    return mean(part, part) + mean(rest, rest) - 2 * mean(part, rest);
  };
  const test = mmdTest(kernel, rows, first, 25, drawsFor(7, 'deals'));
  expect(test.mmdSquared).toBeCloseTo(direct([0, 1, 2, 3]), 12);
  const again = drawsFor(7, 'deals');
  for (const value of test.permuted) {
    const part = new Uint16Array(first);
    drawSubset(again, rows, part);
    expect(value).toBeCloseTo(direct([...part]), 12);
  }
});

/** p-values of `tests` pairs of samples, 30 rows a part. */
function pValues(tests: number, shift: number, deal: (seed: number) => Draw): number[] {
  return Array.from({ length: tests }, (_, seed) => {
    const vectors = normalVectors(drawsFor(seed, 'vectors'), 60, 4, 30, shift);
    return mmdTest(kernelOf(vectors), 60, 30, 199, deal(seed)).pValue;
  });
}

/**
 * How many of `values` are at most `level`, in deviations of the binomial distribution that a uniform p-value
 * gives.
 */
function excess(values: readonly number[], level: number): number {
  const found = values.filter((value) => value <= level).length;
  return (found - values.length * level) / Math.sqrt(values.length * level * (1 - level));
}

describe('the p-value', () => {
  const levels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9];

  it('is uniform where both parts are from one distribution', () => {
    const values = pValues(200, 0, (seed) => drawsFor(seed, 'deals'));
    for (const level of levels) expect(Math.abs(excess(values, level)), `at ${level}`).toBeLessThan(3.5);
  });

  it('is not where the deals are wrong, so the check above can fail', () => {
    // Always draws 0: every deal is the parts as they are. And deals that move few rows.
    const wrong: readonly ((seed: number) => Draw)[] = [
      () => () => 0,
      (seed) => {
        const draw = drawsFor(seed, 'deals');
        return (count) => (draw(8) === 0 ? draw(count) : 0);
      },
    ];
    for (const deal of wrong) {
      const values = pValues(200, 0, deal);
      expect(Math.max(...levels.map((level) => Math.abs(excess(values, level))))).toBeGreaterThan(3.5);
    }
  });

  it('is small where one part lies elsewhere', () => {
    const values = pValues(50, 0.7, (seed) => drawsFor(seed, 'deals'));
    expect(values.filter((value) => value <= 0.05).length).toBeGreaterThan(45);
    expect(Math.min(...values)).toBe(1 / 200);
  });

  it('counts deals that are equal but for rounding as equal', () => {
    // Parts far from each other: of the 20 deals of 6 rows, the parts as they are and the parts exchanged are
    // the furthest.
    for (let seed = 0; seed < 10; seed++) {
      const kernel = kernelOf(normalVectors(drawsFor(seed, 'vectors'), 6, 3, 3, 50));
      const { pValue } = mmdTest(kernel, 6, 3, 9999, drawsFor(seed, 'deals'));
      expect(Math.abs(pValue - 2 / 20)).toBeLessThan(0.012); // 4 deviations of 9,999 deals
    }
  });
});
