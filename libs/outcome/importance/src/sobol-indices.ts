/**
 * Which share of a function's variance over the unit cube each coordinate explains: Sobol' indices (Sobol'
 * 1993), the shares that functional ANOVA has too (Hutter, Hoos and Leyton-Brown 2014). With x even over the
 * cube, V = Var f:
 *
 *     first order  S_i = Var(E[f | x_i]) / V              what x_i explains alone
 *     total        T_i = E[Var(f | all but x_i)] / V      what is lost where x_i is unknown: S_i and all interactions
 *
 * Estimated by pick-freeze: f at points A, B, and at A with coordinate i from B. First order after Saltelli
 * et al. (2010), total after Jansen (1999), on scrambled Sobol points, N·(d + 2) values of f.
 */
import { sobolPoints } from '@layerwise/search';

export interface SobolIndices {
  /** V */
  readonly variance: number;
  /** S [d]; an estimate of a small share may be a little below 0. */
  readonly first: Float64Array;
  /** T [d] */
  readonly total: Float64Array;
}

/**
 * @param f of x [d] in the unit cube
 * @param points N, a power of 2
 * @param seed of the points' scrambling
 */
export function sobolIndices(
  f: (x: Float64Array) => number,
  d: number,
  points: number,
  seed: number,
): SobolIndices {
  const both = sobolPoints(2 * d, points, seed);
  const a = both.map((point) => point.subarray(0, d));
  const b = both.map((point) => point.subarray(d));
  const atA = Float64Array.from(a, f);
  const atB = Float64Array.from(b, f);
  const mean = (sumOf(atA) + sumOf(atB)) / (2 * points);
  const squares = (values: Float64Array): number => sumOf(values.map((value) => (value - mean) ** 2));
  const variance = (squares(atA) + squares(atB)) / (2 * points);
  const first = new Float64Array(d);
  const total = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let [shared, moved] = [0, 0];
    a.forEach((point, k) => {
      const mixed = point.slice();
      mixed[i] = b[k]?.[i] ?? NaN;
      const change = f(mixed) - (atA[k] ?? NaN);
      // Less the mean, which changes no expectation and much of the noise.
      shared += ((atB[k] ?? NaN) - mean) * change;
      moved += change * change;
    });
    first[i] = variance > 0 ? shared / points / variance : 0;
    total[i] = variance > 0 ? moved / (2 * points) / variance : 0;
  }
  return { variance, first, total };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
