/**
 * A draw of the whole function, which can be asked for its value anywhere: pathwise conditioning (Wilson et
 * al. 2020, "Efficiently sampling functions from Gaussian process posteriors"), for what mean and variance at
 * single places do not tell.
 *
 *     f(x) = φ(x) + k(x, X)·(K + s²·I)⁻¹·(y − φ(X) − ε),   ε ~ N(0, s²)
 *
 * φ is a draw of the prior as a sum of random cosines (Rahimi and Recht 2007): √(2σ²/F)·Σ_j w_j·cos(ω_j·x +
 * b_j) with w normal, b even over a circle, and ω from the kernel's spectral density, which for Matérn 5/2 is
 * Student's t with 5 degrees of freedom over ℓ. At fidelities below 1 the error process of `kernel.ts` has
 * its own level and cosines; the path itself is the function at z = 1.
 */
import { solveLower, solveUpper } from '../covariance/cholesky.js';
import { LEVEL_VARIANCE, matern, squaredDistance, type Hyperparameters } from '../covariance/kernel.js';
import type { Draws } from '../hyperparameters/elliptical-slice.js';
import type { Posterior } from './posterior.js';

/** Twice ν of Matérn 5/2. */
const FREEDOM = 5;

/** The path at x [d] and z = 1. */
export type SamplePath = (x: Float64Array) => number;

/**
 * @param values y [n], as `condition` was given them
 * @param features F: the more, the nearer the prior draws are to a Gaussian process
 */
export function samplePath(
  posterior: Posterior,
  values: Float64Array,
  draws: Draws,
  features = 512,
): SamplePath {
  const { parameters, inputs, mean, factor, scales, shortfalls } = posterior;
  const { n, d, x } = inputs;
  const { lengthscales, signalVariance, noiseVariance } = parameters;
  const prior = cosines(lengthscales, signalVariance, features, draws);
  const error = errorDraw(parameters, features, draws);
  const weights = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    const place = x.subarray(row * d, (row + 1) * d);
    const w = shortfalls[row]!;
    const drawn = prior(place) + (w > 0 ? w * error(place) : 0);
    weights[row] = values[row]! - mean - drawn - Math.sqrt(noiseVariance) * draws.normal();
  }
  solveLower(factor, n, weights);
  solveUpper(factor, n, weights);
  return (place) => {
    let value = mean + prior(place);
    for (let row = 0; row < n; row++) {
      // At z = 1 the error process is gone.
      value += weights[row]! * signalVariance * matern(squaredDistance(place, 0, x, row, scales));
    }
    return value;
  };
}

/** A draw of the prior with Matérn 5/2. */
function cosines(lengthscales: Float64Array, variance: number, features: number, draws: Draws): SamplePath {
  const d = lengthscales.length;
  const frequencies = new Float64Array(features * d);
  const phases = new Float64Array(features);
  const amplitudes = new Float64Array(features);
  for (let j = 0; j < features; j++) {
    // Student's t of d dimensions: normal draws over the root of one chi-squared draw.
    let chiSquared = 0;
    for (let i = 0; i < FREEDOM; i++) chiSquared += draws.normal() ** 2;
    const spread = Math.sqrt(FREEDOM / chiSquared);
    for (let i = 0; i < d; i++) frequencies[j * d + i] = (draws.normal() * spread) / lengthscales[i]!;
    phases[j] = 2 * Math.PI * draws.uniform();
    amplitudes[j] = Math.sqrt((2 * variance) / features) * draws.normal();
  }
  return (x) => {
    let sum = 0;
    for (let j = 0; j < features; j++) {
      let angle = phases[j]!;
      for (let i = 0; i < d; i++) angle += frequencies[j * d + i]! * x[i]!;
      sum += amplitudes[j]! * Math.cos(angle);
    }
    return sum;
  };
}

/** A draw of what a run at z = 0 tells wrongly. */
function errorDraw({ lengthscales, error }: Hyperparameters, features: number, draws: Draws): SamplePath {
  if (!error) return () => 0;
  const level = Math.sqrt(LEVEL_VARIANCE) * draws.normal();
  const stretched = lengthscales.map((scale) => scale * error.stretch);
  const slow = cosines(stretched, error.variance, features, draws);
  return (x) => level + slow(x);
}
