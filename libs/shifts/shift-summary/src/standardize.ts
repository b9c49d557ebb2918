/** Every column to mean 0 and deviation 1 by a classifier's fitted rows, as scikit-learn's StandardScaler. */
import type { Matrix } from './kernel.js';
import type { Rows } from './logistic.js';

export interface Scale {
  /** [size] */
  readonly mean: Float64Array;
  /** [size]; 1 for a column that does not vary. */
  readonly deviation: Float64Array;
}

/** Means and standard deviations (of the population) of the columns. */
export function scaleOf({ rows, size, values }: Matrix): Scale {
  const mean = new Float64Array(size);
  const deviation = new Float64Array(size);
  for (let i = 0, place = 0; i < rows; i++)
    for (let k = 0; k < size; k++) mean[k] = mean[k]! + values[place++]! / rows;
  for (let i = 0, place = 0; i < rows; i++)
    for (let k = 0; k < size; k++) deviation[k] = deviation[k]! + (values[place++]! - mean[k]!) ** 2 / rows;
  for (let k = 0; k < size; k++) {
    const root = Math.sqrt(deviation[k]!);
    // What a constant column varies by is rounding.
    deviation[k] = root > 1e-9 * Math.abs(mean[k]!) ? root : 1;
  }
  return { mean, deviation };
}

export function standardized({ rows, size, values }: Matrix, { mean, deviation }: Scale): Rows {
  const scaled = new Float64Array(rows * size);
  for (let i = 0, place = 0; i < rows; i++)
    for (let k = 0; k < size; k++, place++) scaled[place] = (values[place]! - mean[k]!) / (deviation[k] ?? 1);
  return { rows, size, values: scaled };
}
