/**
 * Brings vectors to a common size before t-SNE. Its affinities don't depend on the scale of the distances,
 * but the search for each point's bandwidth begins at 1 and doubles or halves a limited number of times.
 */
import type { VectorRows } from './projector.js';

/**
 * The vectors about their mean, times the power of two that brings their total variance next to 1: [rows,
 * size]. The factor is exact, so that vectors and twice those vectors give the same picture.
 */
export function unitScale({ rows, size, values }: VectorRows): Float64Array {
  const scaled = centred({ rows, size, values });
  let sum = 0;
  for (const value of scaled) sum += value * value;
  const factor = 2 ** -Math.round(Math.log2(sum / rows) / 2);
  for (let i = 0; i < scaled.length; i++) scaled[i] = scaled[i]! * factor;
  return scaled;
}

/** The vectors less their mean: [rows, size]. */
export function centred({ rows, size, values }: VectorRows): Float64Array {
  const mean = new Float64Array(size);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < size; i++) mean[i] = mean[i]! + values[row * size + i]! / rows;
  return Float64Array.from(values, (value, i) => value - mean[i % size]!);
}
