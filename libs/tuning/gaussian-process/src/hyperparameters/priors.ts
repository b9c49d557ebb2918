/**
 * What hyperparameters are held likely before anything is seen: log-normal, that is normal in their
 * logarithm. Length scales grow with √d, so that the function stays as simple in many dimensions as in few
 * (Hvarfner et al. 2024); values are standardised and x lies in the unit cube.
 */
import type { Hyperparameters } from '../covariance/kernel.js';

/** A normal belief about a logarithm. */
export interface LogNormal {
  readonly mean: number;
  readonly deviation: number;
}

export interface Priors {
  /** Of each length scale. */
  readonly lengthscale: LogNormal;
  readonly signalVariance: LogNormal;
  readonly noiseVariance: LogNormal;
  readonly errorVariance: LogNormal;
  readonly errorStretch: LogNormal;
  readonly errorPower: LogNormal;
}

/** The priors of a function of `d` coordinates. */
export function defaultPriors(d: number): Priors {
  return {
    lengthscale: { mean: Math.SQRT2 - 3 + Math.log(d) / 2, deviation: Math.sqrt(3) },
    signalVariance: { mean: 0, deviation: 1 },
    noiseVariance: { mean: -9, deviation: 2.5 },
    errorVariance: { mean: -4, deviation: 2.5 },
    errorStretch: { mean: 0.7, deviation: 0.7 },
    errorPower: { mean: 0, deviation: 0.7 },
  };
}

/** The order of logarithms in a vector: d length scales, σ², s², and with an error process E², κ, p. */
export function listedPriors(priors: Priors, d: number, withError: boolean): LogNormal[] {
  const { lengthscale, signalVariance, noiseVariance, errorVariance, errorStretch, errorPower } = priors;
  const scales = Array.from({ length: d }, () => lengthscale);
  const rest = withError ? [errorVariance, errorStretch, errorPower] : [];
  return [...scales, signalVariance, noiseVariance, ...rest];
}

export function toLogs({
  lengthscales,
  signalVariance,
  noiseVariance,
  error,
}: Hyperparameters): Float64Array {
  const rest = error ? [error.variance, error.stretch, error.power] : [];
  return Float64Array.from([...lengthscales, signalVariance, noiseVariance, ...rest], Math.log);
}

export function fromLogs(logs: Float64Array, d: number): Hyperparameters {
  const values = logs.map(Math.exp);
  return {
    lengthscales: values.slice(0, d),
    signalVariance: values[d]!,
    noiseVariance: values[d + 1]!,
    error:
      logs.length > d + 2
        ? { variance: values[d + 2]!, stretch: values[d + 3]!, power: values[d + 4]! }
        : null,
  };
}
