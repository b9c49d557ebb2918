/**
 * What a fitted process says of places that were not seen: mean and variance of the function there, and their
 * gradients (Rasmussen and Williams 2006, eq. 2.25 and 2.26).
 *
 *     μ(x) = m + kᵀα,   v(x) = k(x, x) − kᵀK⁻¹k        k [n] the covariances of x with what was seen
 */
import { choleskyInPlace, solveLower, solveUpper } from '../covariance/cholesky.js';
import {
  covariance,
  covarianceMatrix,
  inverseSquares,
  maternSlope,
  priorVariance,
  shortfall,
  shortfalls,
  squaredDistance,
  type Hyperparameters,
  type Inputs,
} from '../covariance/kernel.js';

export interface Posterior {
  readonly parameters: Hyperparameters;
  readonly inputs: Inputs;
  /** m */
  readonly mean: number;
  /** L [n, n] with L·Lᵀ = K + s²·I. */
  readonly factor: Float64Array;
  /** α [n] */
  readonly alpha: Float64Array;
  /** 1/ℓ² [d] */
  readonly scales: Float64Array;
  /** w(z) [n] */
  readonly shortfalls: Float64Array;
}

interface Prediction {
  readonly mean: number;
  /** Of the function, without the noise of an observation; at least a rounding error above 0. */
  readonly variance: number;
}

/** Gradients of a prediction over x [d]. */
interface PredictionGradient {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** The smallest variance that is told apart from rounding. */
const LEAST_VARIANCE = 1e-12;

/**
 * Conditions the process on y [n] seen at `inputs`.
 * @param mean m; left out: the most likely one
 * @returns null when K has no factor: the noise is too small for rows that coincide
 */
export function condition(
  parameters: Hyperparameters,
  inputs: Inputs,
  y: Float64Array,
  mean?: number,
): Posterior | null {
  const { n } = inputs;
  const factor = covarianceMatrix(parameters, inputs);
  if (!choleskyInPlace(factor, n)) return null;
  const solve = (values: Float64Array): Float64Array => {
    solveLower(factor, n, values);
    solveUpper(factor, n, values);
    return values;
  };
  const ones = solve(new Float64Array(n).fill(1));
  const solved = solve(y.slice());
  const level = mean ?? sum(solved) / sum(ones);
  return {
    parameters,
    inputs,
    mean: level,
    factor,
    alpha: solved.map((value, row) => value - level * ones[row]!),
    scales: inverseSquares(parameters.lengthscales),
    shortfalls: shortfalls(parameters, inputs),
  };
}

/** Mean and variance at x [d] and fidelity z; with `gradient` also their gradients over x. */
export function predict(
  posterior: Posterior,
  x: Float64Array,
  z = 1,
  gradient?: PredictionGradient,
): Prediction {
  const { parameters, inputs, alpha, factor, scales } = posterior;
  const { n, d } = inputs;
  const { error } = parameters;
  const w = error ? shortfall(error, z) : 0;
  const k = new Float64Array(n);
  const squares = new Float64Array(n);
  let mean = posterior.mean;
  for (let row = 0; row < n; row++) {
    const squared = squaredDistance(x, 0, inputs.x, row, scales);
    squares[row] = squared;
    const value = covariance(parameters, squared, w, posterior.shortfalls[row]!);
    k[row] = value;
    mean += value * alpha[row]!;
  }
  solveLower(factor, n, k);
  let variance = priorVariance(parameters, z);
  for (let row = 0; row < n; row++) variance -= k[row]! * k[row]!;
  if (gradient) {
    solveUpper(factor, n, k);
    gradient.mean.fill(0);
    gradient.variance.fill(0);
    const shrink = error ? 1 / (error.stretch * error.stretch) : 0;
    for (let row = 0; row < n; row++) {
      let slope = parameters.signalVariance * maternSlope(squares[row]!);
      const both = w * posterior.shortfalls[row]!;
      if (error && both > 0) slope += both * error.variance * maternSlope(squares[row]! * shrink) * shrink;
      for (let i = 0; i < d; i++) {
        // dk/dxᵢ = −slope·(xᵢ − x'ᵢ)/ℓᵢ²
        const change = -slope * (x[i]! - inputs.x[row * d + i]!) * scales[i]!;
        gradient.mean[i] = gradient.mean[i]! + change * alpha[row]!;
        gradient.variance[i] = gradient.variance[i]! - 2 * change * k[row]!;
      }
    }
  }
  return { mean, variance: Math.max(variance, LEAST_VARIANCE) };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
