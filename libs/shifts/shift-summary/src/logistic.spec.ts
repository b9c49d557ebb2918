import { describe, expect, it } from 'vitest';
import { stacked } from '../test/formula.js';
import { heldOutRows, reference, trainRows } from '../test/reference.js';
import { fitLogistic, scoresOf } from './logistic.js';
import { scaleOf, standardized } from './standardize.js';

const cases = reference.cases.flatMap((one) => one.logistic.map((expected) => ({ ...one, expected })));

describe('against scikit-learn', () => {
  it.each(cases)('$rowsOriginal and $rowsShifted rows, C = $expected.c', (one) => {
    const { expected } = one;
    const train = stacked(...trainRows(one));
    const scale = scaleOf(train);
    const classes = Uint8Array.from({ length: train.rows }, (_, i) => (i < one.rowsOriginal ? 0 : 1));
    const theta = fitLogistic(standardized(train, scale), classes, expected.c);
    expected.coefficients.forEach((coefficient, k) => expect(theta[k]).toBeCloseTo(coefficient, 7));
    expect(theta.at(-1)).toBeCloseTo(expected.intercept, 7);

    const scores = scoresOf(standardized(stacked(...heldOutRows(one)), scale), theta);
    expected.scores.forEach((score, row) => expect(scores[row]).toBeCloseTo(score, 7));
    const right = [
      scores.subarray(0, 50).filter((score) => score <= 0).length / 50,
      scores.subarray(50).filter((score) => score > 0).length / 30,
    ];
    expect((right[0]! + right[1]!) / 2).toBeCloseTo(expected.balancedAccuracy, 12);
  });
});

it('leaves a constant column out', () => {
  const values = Float32Array.of(0.1, 0, 0.1, 1, 0.1, 2, 0.1, 3);
  const x = { rows: 4, size: 2, values };
  const theta = fitLogistic(standardized(x, scaleOf(x)), Uint8Array.of(0, 0, 1, 1), 1);
  expect(theta[0]).toBeCloseTo(0, 6);
  expect(theta[1]).toBeGreaterThan(0.5);
});

it('finds the minimum where the rows can be told apart without error, and c is large', () => {
  const x = { rows: 4, size: 1, values: Float64Array.of(-2, -1, 1, 2) };
  const theta = fitLogistic(x, Uint8Array.of(0, 0, 1, 1), 1000);
  const w = theta[0]!;
  // The derivative is 0: w = c Σ |x| σ(−w|x|).
  const slope = [1, 2].reduce((sum, size) => sum + (2 * 1000 * size) / (1 + Math.exp(w * size)), 0);
  expect(w).toBeCloseTo(slope, 5);
  expect(theta[1]).toBeCloseTo(0, 8);
});
