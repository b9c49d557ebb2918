/** By hand; scikit-learn's numbers are in test/sklearn.spec.ts. */
import { expect, it } from 'vitest';
import { blobPoints } from '../test/points.js';
import { sampleOf, silhouetteCurve } from './silhouette-curve.js';
import { silhouettes } from './silhouette.js';

const line = { size: 1, values: Float32Array.of(0, 1, 10) };

it('is the formula: a cluster of one row counts 0', () => {
  // Row 0: a = 1, b = 10; row 1: a = 1, b = 9; row 2 is alone.
  expect(silhouettes(line, [Int32Array.of(0, 0, 1)])).toEqual([(9 / 10 + 8 / 9 + 0) / 3]);
});

it('is null where all is one cluster, and counts rows that are all the same 0', () => {
  expect(silhouettes(line, [Int32Array.of(2, 2, 2)])).toEqual([null]);
  const same = { size: 2, values: new Float32Array(8).fill(3) };
  expect(silhouettes(same, [Int32Array.of(0, 0, 1, 1)])).toEqual([0]);
});

it('does not mind numbers of clusters that are empty', () => {
  expect(silhouettes(line, [Int32Array.of(0, 0, 4)])).toEqual(silhouettes(line, [Int32Array.of(0, 0, 1)]));
});

it('is of a seeded sample of at most 2,000 different rows', () => {
  const sample = sampleOf(5000, 1);
  expect(sample).toHaveLength(2000);
  expect(sample.every((row, i) => row < 5000 && (i === 0 || row > (sample[i - 1] ?? 0)))).toBe(true);
  expect(sampleOf(5000, 1)).toEqual(sample);
  expect(sampleOf(5000, 2)).not.toEqual(sample);
  expect([...sampleOf(4, 1)]).toEqual([0, 1, 2, 3]);
});

it('is computed on the sample, the inertia on all rows', () => {
  const points = blobPoints(2100, 2, 3, 1);
  const assignment = Int32Array.from({ length: 2100 }, (_, i) => i % 3);
  const clustering = { assignment, centres: new Float64Array(6), iterations: 9, converged: true };
  const curve = silhouetteCurve(points, new Map([[3, clustering]]), 1);
  const sample = sampleOf(2100, 1);
  expect(curve).toMatchObject({ k: Int32Array.of(3), iterations: Int32Array.of(9), sampleRows: 2000 });
  expect(curve.inertia[0]).toBeCloseTo(
    points.values.reduce((sum, value) => sum + value ** 2, 0),
    6,
  );
  const taken = new Float32Array(4000);
  sample.forEach((row, i) => taken.set(points.values.subarray(2 * row, 2 * row + 2), 2 * i));
  const own = silhouettes({ size: 2, values: taken }, [sample.map((row) => row % 3)]);
  expect(curve.silhouette).toEqual(own);
});
