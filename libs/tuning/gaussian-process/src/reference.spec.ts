/**
 * Against scikit-learn, SciPy and mpmath, whose numbers `tools/reference/gaussian_process.py` wrote into
 * `fixtures/`.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { negativeLogLikelihood } from './hyperparameters/likelihood.js';
import { logH, logHSlope } from './acquisition/log-expected-improvement.js';
import { condition, predict } from './predictions/posterior.js';
import { fitPower, yeoJohnson } from './values/power-transform.js';
import { fromLogs } from './hyperparameters/priors.js';
import type { Inputs } from './covariance/kernel.js';

interface Expected {
  readonly logs: number[];
  readonly z?: number[];
  readonly newZ?: number[];
  readonly mean: number;
  readonly logLikelihood: number;
  readonly gradient: number[];
  readonly predictedMean: number[];
  readonly predictedVariance: number[];
}

interface Reference {
  readonly x: number[];
  readonly y: number[];
  readonly new: number[];
  readonly oneFidelity: Expected;
  readonly severalFidelities: Expected;
  readonly logImprovement: { u: number; logH: number; slope: number }[];
  readonly powerTransform: {
    readonly values: { y: number; lambda: number; value: number }[];
    readonly sample: number[];
    readonly power: number;
  };
}

const path = new URL('../fixtures/reference.json', import.meta.url);
const reference = JSON.parse(readFileSync(path, 'utf8')) as Reference;
const n = reference.y.length;
const d = reference.x.length / n;
const y = Float64Array.from(reference.y);

function expectClose(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected)).toBeLessThan(tolerance * (1 + Math.abs(expected)));
}

describe.each([
  ['one fidelity, as scikit-learn', reference.oneFidelity, 1e-10],
  // The gradient there is a difference of likelihoods, good to about 1e-8.
  ['several fidelities, as NumPy from the formula', reference.severalFidelities, 1e-7],
] as const)('%s', (_, expected, tolerance) => {
  const inputs: Inputs = {
    d,
    n,
    x: Float64Array.from(reference.x),
    z: Float64Array.from(expected.z ?? y.map(() => 1)),
  };
  const logs = Float64Array.from(expected.logs);

  it('likelihood and gradient', () => {
    const gradient = new Float64Array(logs.length);
    const value = negativeLogLikelihood(inputs, y, logs, gradient);
    expectClose(-value, expected.logLikelihood, 1e-11);
    expect(gradient.length).toBe(expected.gradient.length);
    expected.gradient.forEach((slope, i) => expectClose(-gradient[i]!, slope, tolerance));
  });

  it('predictions', () => {
    const posterior = condition(fromLogs(logs, d), inputs, y)!;
    expectClose(posterior.mean, expected.mean, 1e-10);
    expected.predictedMean.forEach((mean, row) => {
      const x = Float64Array.from(reference.new.slice(row * d, (row + 1) * d));
      const predicted = predict(posterior, x, expected.newZ?.[row] ?? 1);
      expectClose(predicted.mean, mean, 1e-10);
      expectClose(predicted.variance, expected.predictedVariance[row]!, 1e-10);
    });
  });
});

describe('log expected improvement', () => {
  it.each(reference.logImprovement)('at u = $u as in 80 digits', ({ u, logH: expected, slope }) => {
    expectClose(logH(u), expected, 1e-12);
    expectClose(logHSlope(u), slope, 1e-11);
  });
});

describe('the power transform', () => {
  it.each(reference.powerTransform.values)('of $y by $lambda as SciPy', ({ y, lambda, value }) => {
    expectClose(yeoJohnson(y, lambda), value, 1e-12);
  });

  it('takes the power that SciPy takes', () => {
    // Where the likelihood is greatest it is flat: 1e-3 of the power changes it by 1e-6.
    const { sample, power } = reference.powerTransform;
    expect(Math.abs(fitPower(Float64Array.from(sample)) - power)).toBeLessThan(1e-3);
  });
});
