/**
 * How well hyperparameters explain what was seen: the logarithm of the posterior density and its gradient
 * (Rasmussen and Williams 2006, eq. 5.8 and 5.9), in the logarithms θ of the hyperparameters.
 *
 *     log p(y|θ) = −½·(y − m)ᵀ·K⁻¹·(y − m) − ½·log|K| − (n/2)·log 2π,   m = (1ᵀK⁻¹y)/(1ᵀK⁻¹1)
 *     ∂/∂θ       = ½·Σ (ααᵀ − K⁻¹)∘∂K/∂θ,                              α = K⁻¹·(y − m)
 *
 * The mean m is the most likely one for each θ, so its own derivative drops out.
 */
import { choleskyInPlace, inverseOf, logDeterminant } from '../covariance/cholesky.js';
import {
  covarianceMatrix,
  inverseSquares,
  LEVEL_VARIANCE,
  matern,
  maternSlope,
  shortfalls,
  squaredDistance,
  type Inputs,
} from '../covariance/kernel.js';
import { fromLogs, listedPriors, type Priors } from './priors.js';

/**
 * −log p(y|θ) − log p(θ), up to a constant of the priors.
 * @param logs θ, in the order of `listedPriors`
 * @param gradient receives the gradient, as long as θ; not finite where K has no factor
 */
export function negativeLogPosterior(
  inputs: Inputs,
  y: Float64Array,
  priors: Priors,
  logs: Float64Array,
  gradient: Float64Array,
): number {
  const withError = logs.length > inputs.d + 2;
  let value = negativeLogLikelihood(inputs, y, logs, gradient);
  listedPriors(priors, inputs.d, withError).forEach(({ mean, deviation }, place) => {
    const off = (logs[place]! - mean) / deviation;
    value += 0.5 * off * off;
    gradient[place] = gradient[place]! + off / deviation;
  });
  return value;
}

/** −log p(y|θ) and its gradient; infinite where K has no factor. */
export function negativeLogLikelihood(
  inputs: Inputs,
  y: Float64Array,
  logs: Float64Array,
  gradient: Float64Array,
): number {
  const { n, d, x, z } = inputs;
  const parameters = fromLogs(logs, d);
  const factor = covarianceMatrix(parameters, inputs);
  if (!choleskyInPlace(factor, n)) return Infinity;
  const inverse = inverseOf(factor, n);
  const { alpha, misfit } = residual(inverse, y);

  const { signalVariance, noiseVariance, error } = parameters;
  const scales = inverseSquares(parameters.lengthscales);
  const w = shortfalls(parameters, inputs);
  const shrink = error ? 1 / (error.stretch * error.stretch) : 0;
  gradient.fill(0);
  let bySignal = 0;
  let byNoise = 0;
  let byError = 0;
  let byStretch = 0;
  let byPower = 0;
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      // W = K⁻¹ − ααᵀ; both halves at once, and ½ of the diagonal.
      const weight = (inverse[a * n + b]! - alpha[a]! * alpha[b]!) * (a === b ? 0.5 : 1);
      const squared = squaredDistance(x, a, x, b, scales);
      bySignal += weight * matern(squared);
      let slope = signalVariance * maternSlope(squared);
      if (error) {
        const both = w[a]! * w[b]!;
        if (both > 0) {
          const slow = matern(squared * shrink);
          const slowSlope = both * error.variance * maternSlope(squared * shrink) * shrink;
          slope += slowSlope;
          byError += weight * both * slow;
          byStretch += weight * slowSlope * squared;
          const logs2 = Math.log(1 - z[a]!) + Math.log(1 - z[b]!);
          byPower += weight * both * (LEVEL_VARIANCE + error.variance * slow) * logs2;
        }
      }
      if (a === b) {
        byNoise += weight;
        continue;
      }
      const common = weight * slope;
      for (let i = 0; i < d; i++) {
        const difference = x[a * d + i]! - x[b * d + i]!;
        gradient[i] = gradient[i]! + common * difference * difference * scales[i]!;
      }
    }
  }
  gradient[d] = bySignal * signalVariance;
  gradient[d + 1] = byNoise * noiseVariance;
  if (error) {
    gradient[d + 2] = byError * error.variance;
    gradient[d + 3] = byStretch;
    gradient[d + 4] = byPower * error.power;
  }
  return 0.5 * (misfit + logDeterminant(factor, n) + n * Math.log(2 * Math.PI));
}

/** α = K⁻¹(y − m) [n] and (y − m)ᵀα with the most likely mean m. */
function residual(
  inverse: Float64Array,
  y: Float64Array,
): { readonly alpha: Float64Array; readonly misfit: number } {
  const n = y.length;
  const ones = new Float64Array(n);
  const values = new Float64Array(n);
  for (let a = 0; a < n; a++) {
    let sum = 0;
    let weighted = 0;
    for (let b = 0; b < n; b++) {
      sum += inverse[a * n + b]!;
      weighted += inverse[a * n + b]! * y[b]!;
    }
    ones[a] = sum;
    values[a] = weighted;
  }
  let total = 0;
  let top = 0;
  for (let a = 0; a < n; a++) {
    total += ones[a]!;
    top += ones[a]! * y[a]!;
  }
  const mean = top / total;
  const alpha = values.map((value, a) => value - mean * ones[a]!);
  let misfit = 0;
  for (let a = 0; a < n; a++) misfit += (y[a]! - mean) * alpha[a]!;
  return { alpha, misfit };
}
