/**
 * The covariance of a function that is seen at fidelities z in 0..1, 1 being the whole run (the additive form
 * of Kennedy and O'Hagan 2000 and Wu et al. 2020, with Matérn 5/2 throughout; Rasmussen and Williams 2006,
 * eq. 4.17):
 *
 *     k((x, z), (x', z')) = σ²·m(r) + w(z)·w(z')·(B² + E²·m(r/κ)),   w(z) = (1 − z)^p
 *     m(r) = (1 + √5·r + 5r²/3)·exp(−√5·r),                          r² = Σᵢ ((xᵢ − x'ᵢ)/ℓᵢ)²
 *
 * The first term is the function at z = 1; the second one what a shorter run tells wrongly: a level of its
 * own (B), and an error E that varies more slowly over x (κ ≥ 1) and fades as z rises, however long that
 * takes (p). At z = 1 it is gone.
 *
 * Observations add a noise variance s² on the diagonal, in `likelihood.ts` and `posterior.ts`.
 */

/** How lower fidelities differ from the full one. */
interface ErrorProcess {
  /** E² */
  readonly variance: number;
  /** κ: by how much its length scales are longer. */
  readonly stretch: number;
  /** p */
  readonly power: number;
}

export interface Hyperparameters {
  /** ℓ [d], in units of x. */
  readonly lengthscales: Float64Array;
  /** σ² */
  readonly signalVariance: number;
  /** s² */
  readonly noiseVariance: number;
  /** Null: everything was seen at z = 1. */
  readonly error: ErrorProcess | null;
}

/** B²: the level of a fidelity is hardly known beforehand; values are standardised. */
export const LEVEL_VARIANCE = 1;

const SQRT5 = Math.sqrt(5);

/** m of r² = `squared`. */
export function matern(squared: number): number {
  const scaled = SQRT5 * Math.sqrt(squared);
  return (1 + scaled + scaled * scaled * (1 / 3)) * Math.exp(-scaled);
}

/** −2·dm/d(r²) = (5/3)·(1 + √5·r)·exp(−√5·r): times (xᵢ − x'ᵢ)²/ℓᵢ² it is dm/d log ℓᵢ. */
export function maternSlope(squared: number): number {
  const scaled = SQRT5 * Math.sqrt(squared);
  return (5 / 3) * (1 + scaled) * Math.exp(-scaled);
}

/** w(z). */
export function shortfall(error: ErrorProcess, z: number): number {
  return z >= 1 ? 0 : Math.pow(1 - z, error.power);
}

/** Where something was seen. */
export interface Inputs {
  /** Coordinates of a row. */
  readonly d: number;
  /** Rows. */
  readonly n: number;
  /** [n, d] */
  readonly x: Float64Array;
  /** [n] */
  readonly z: Float64Array;
}

/** r² of rows `a` of `left` [·, d] and `b` of `right` [·, d]. */
export function squaredDistance(
  left: Float64Array,
  a: number,
  right: Float64Array,
  b: number,
  inverseSquares: Float64Array,
): number {
  const d = inverseSquares.length;
  let sum = 0;
  for (let i = 0; i < d; i++) {
    const difference = left[a * d + i]! - right[b * d + i]!;
    sum += difference * difference * inverseSquares[i]!;
  }
  return sum;
}

/** 1/ℓ² [d]. */
export function inverseSquares(lengthscales: Float64Array): Float64Array {
  return lengthscales.map((scale) => 1 / (scale * scale));
}

/** k of a row with itself, noise not included. */
export function priorVariance(parameters: Hyperparameters, z: number): number {
  const { signalVariance, error } = parameters;
  if (!error) return signalVariance;
  const w = shortfall(error, z);
  return signalVariance + w * w * (LEVEL_VARIANCE + error.variance);
}

/** k of two rows with r² = `squared` and shortfalls w, w'. */
export function covariance(parameters: Hyperparameters, squared: number, w: number, other: number): number {
  const { signalVariance, error } = parameters;
  const full = signalVariance * matern(squared);
  if (!error || w === 0 || other === 0) return full;
  const slow = matern(squared / (error.stretch * error.stretch));
  return full + w * other * (LEVEL_VARIANCE + error.variance * slow);
}

/** w of every row [n]; zeros where there is no error process. */
export function shortfalls({ error }: Hyperparameters, { z, n }: Inputs): Float64Array {
  const values = new Float64Array(n);
  if (error) for (let row = 0; row < n; row++) values[row] = shortfall(error, z[row]!);
  return values;
}

/** Lower triangle of K + s²·I [n, n]. */
export function covarianceMatrix(parameters: Hyperparameters, inputs: Inputs): Float64Array {
  const { x, z, n } = inputs;
  const matrix = new Float64Array(n * n);
  const w = shortfalls(parameters, inputs);
  const scales = inverseSquares(parameters.lengthscales);
  for (let row = 0; row < n; row++) {
    for (let other = 0; other < row; other++) {
      const squared = squaredDistance(x, row, x, other, scales);
      matrix[row * n + other] = covariance(parameters, squared, w[row]!, w[other]!);
    }
    matrix[row * n + row] = priorVariance(parameters, z[row]!) + parameters.noiseVariance;
  }
  return matrix;
}
