/** Analytic gradients against central differences: of the log posterior, of predictions, of log EI. */
import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, it } from 'vitest';
import { negativeLogPosterior } from './hyperparameters/likelihood.js';
import { logH, logHSlope } from './acquisition/log-expected-improvement.js';
import { condition, predict } from './predictions/posterior.js';
import { defaultPriors, fromLogs } from './hyperparameters/priors.js';
import type { Inputs } from './covariance/kernel.js';

function uniforms(count: number, seed: number): Float64Array {
  const generator = mersenne(seed);
  return Float64Array.from({ length: count }, () => (generator.next() >>> 0) / 2 ** 32);
}

const d = 3;
const n = 12;
const x = uniforms(n * d, 1);
const y = Float64Array.from({ length: n }, (_, row) => Math.sin(5 * x[row * d]!) + x[row * d + 1]! - 0.5);
const whole: Inputs = { d, n, x, z: new Float64Array(n).fill(1) };
const mixed: Inputs = { d, n, x, z: Float64Array.from({ length: n }, (_, row) => [0, 0.25, 1][row % 3]!) };

function differences(f: (at: Float64Array) => number, at: Float64Array, step = 1e-5): number[] {
  return Array.from(at, (value, i) => {
    const [up, down] = [at.slice(), at.slice()];
    up[i] = value + step;
    down[i] = value - step;
    return (f(up) - f(down)) / (2 * step);
  });
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expected.forEach((value, i) =>
    expect(Math.abs(actual[i]! - value)).toBeLessThan(tolerance * (1 + Math.abs(value))),
  );
}

describe('gradients', () => {
  it.each([
    ['one fidelity', whole, [-1, 0.2, -0.5, 0.3, -4]],
    ['several fidelities', mixed, [-1, 0.2, -0.5, 0.3, -4, -1, 0.5, 0.4]],
  ])('of the log posterior, %s', (_, inputs, start) => {
    const logs = Float64Array.from(start);
    const priors = defaultPriors(d);
    const value = (at: Float64Array): number =>
      negativeLogPosterior(inputs, y, priors, at, new Float64Array(at.length));
    const gradient = new Float64Array(logs.length);
    negativeLogPosterior(inputs, y, priors, logs, gradient);
    expectClose(gradient, differences(value, logs), 1e-6);
  });

  it.each([1, 0.25])('of a prediction at fidelity %d', (z) => {
    const posterior = condition(
      fromLogs(Float64Array.from([-1, 0.2, -0.5, 0.3, -4, -1, 0.5, 0.4]), d),
      mixed,
      y,
    )!;
    const at = Float64Array.from([0.3, 0.6, 0.1]);
    const gradient = { mean: new Float64Array(d), variance: new Float64Array(d) };
    predict(posterior, at, z, gradient);
    expectClose(
      gradient.mean,
      differences((place) => predict(posterior, place, z).mean, at),
      1e-7,
    );
    expectClose(
      gradient.variance,
      differences((place) => predict(posterior, place, z).variance, at),
      1e-7,
    );
  });

  it('of log h', () => {
    for (const u of [-60, -12, -5, -1.2, -0.8, 0, 1.5, 8]) {
      const numeric = (logH(u + 1e-5) - logH(u - 1e-5)) / 2e-5;
      expect(Math.abs(logHSlope(u) - numeric)).toBeLessThan(1e-6 * (1 + Math.abs(numeric)));
    }
  });
});
