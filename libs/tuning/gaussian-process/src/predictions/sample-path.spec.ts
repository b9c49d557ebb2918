/**
 * Sampled paths against what the process says of single places and of pairs of them: many paths have its mean
 * and its covariance.
 */
import { expect, it } from 'vitest';
import { mersenne } from 'pure-rand/generator/mersenne';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { condition, predict, samplePath, type Hyperparameters, type Inputs } from '../index.js';
import { type Draws } from '../hyperparameters/elliptical-slice.js';

function drawsOf(seed: number): Draws {
  const generator = mersenne(seed);
  const uniform = (): number => uniformFloat64(generator) || 0.5;
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

const PATHS = 4000;

function inputsOf(rows: readonly number[][], z: readonly number[]): Inputs {
  return { d: 2, n: rows.length, x: Float64Array.from(rows.flat()), z: Float64Array.from(z) };
}

const parameters: Hyperparameters = {
  lengthscales: Float64Array.of(0.4, 0.9),
  signalVariance: 1.3,
  noiseVariance: 0.05,
  error: { variance: 0.3, stretch: 1.5, power: 1.2 },
};
const inputs = inputsOf(
  [
    [0.1, 0.2],
    [0.5, 0.9],
    [0.8, 0.4],
    [0.3, 0.7],
  ],
  [1, 1, 1 / 3, 1 / 9],
);
const values = Float64Array.of(0.4, -1.1, 0.9, 0.2);
// On what was seen in full, on what was seen in part, beside it, and far off, where the prior is all there
// is.
const places = [
  [0.1, 0.2],
  [0.8, 0.4],
  [0.6, 0.5],
  [5, 5],
].map((place) => Float64Array.from(place));

it('many paths have the mean and the variance of the process everywhere', () => {
  const posterior = condition(parameters, inputs, values)!;
  const drawn = places.map(() => new Float64Array(PATHS));
  for (let s = 0; s < PATHS; s++) {
    const path = samplePath(posterior, values, drawsOf(s), 128);
    places.forEach((place, i) => (drawn[i]![s] = path(place)));
  }
  places.forEach((place, i) => {
    const { mean, variance } = predict(posterior, place);
    const average = drawn[i]!.reduce((sum, value) => sum + value) / PATHS;
    const spread = drawn[i]!.reduce((sum, value) => sum + (value - average) ** 2, 0) / PATHS;
    // Five standard errors of a mean and of a variance of so many draws.
    expect(Math.abs(average - mean), `mean ${i}`).toBeLessThan(5 * Math.sqrt(variance / PATHS));
    expect(Math.abs(spread / variance - 1), `variance ${i}`).toBeLessThan(5 * Math.sqrt(2 / PATHS));
  });
});

it('two places near one another move together as the kernel has it', () => {
  // Far from what was seen the covariance is the prior's: σ²·m(r) with r = 0.2/0.4, by hand.
  const posterior = condition(parameters, inputs, values)!;
  const [a, b] = [Float64Array.of(7, 7), Float64Array.of(7.2, 7)];
  const products = Array.from({ length: PATHS }, (_, s) => {
    const path = samplePath(posterior, values, drawsOf(s + PATHS), 128);
    return (path(a) - posterior.mean) * (path(b) - posterior.mean);
  });
  const root = Math.sqrt(5) * 0.5;
  const expected = 1.3 * (1 + root + (root * root) / 3) * Math.exp(-root);
  const found = products.reduce((sum, product) => sum + product) / PATHS;
  // The variance of a product of two normals of variance 1.3 and this covariance.
  const error = Math.sqrt((1.3 ** 2 + expected ** 2) / PATHS);
  expect(Math.abs(found - expected)).toBeLessThan(5 * error);
});

it('is one function: the same place has the same value, and another draw another', () => {
  const posterior = condition(parameters, inputs, values)!;
  const path = samplePath(posterior, values, drawsOf(1));
  expect(path(places[1]!)).toBe(path(places[1]!.slice()));
  expect(samplePath(posterior, values, drawsOf(2))(places[1]!)).not.toBe(path(places[1]!));
});
