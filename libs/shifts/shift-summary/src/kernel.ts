/**
 * The kernel between all rows of a sample: k(x, y) = exp(−‖x − y‖² / 2σ²), where σ is the median of the
 * distances of all pairs of rows of the sample, both parts together (the median heuristic: Gretton et al., A
 * Kernel Two-Sample Test, JMLR 13, 2012, section 8). `mmd.ts` compares two parts by it.
 *
 * A symmetric matrix of n rows is its lower triangle, row by row, without the diagonal: entry (i, j), j < i,
 * is number i(i − 1)/2 + j of n(n − 1)/2.
 */
import { InputError } from '@layerwise/errors';

/** Rows of vectors, end to end. */
export interface Matrix {
  readonly rows: number;
  /** Numbers of a row. */
  readonly size: number;
  /** [rows, size] */
  readonly values: Float32Array;
}

/** The lower triangle of ‖x_i − x_j‖². */
export function squaredDistances({ rows, size, values }: Matrix): Float64Array {
  const squares = new Float64Array((rows * (rows - 1)) / 2);
  let place = 0;
  for (let i = 1; i < rows; i++) {
    const row = values.subarray(i * size, (i + 1) * size);
    for (let j = 0, other = 0; j < i; j++, other += size) {
      let sum = 0;
      for (let k = 0; k < size; k++) {
        const difference = row[k]! - values[other + k]!;
        sum += difference * difference;
      }
      squares[place++] = sum;
    }
  }
  return squares;
}

/** The median of the distances; between the two middle ones where their number is even. */
export function medianDistance(squares: Float64Array): number {
  const sorted = squares.slice().sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  return (Math.sqrt(low) + Math.sqrt(high)) / 2;
}

/** The lower triangle of the kernel. Turns the squared distances into it, in place. */
export function rbfKernel(squares: Float64Array, sigma: number): Float64Array {
  if (!(sigma > 0))
    throw new InputError(
      'more than half of the pairs of rows have equal vectors, so that no distance between the parts can be measured; use embeddings that tell texts apart',
    );
  const factor = -1 / (2 * sigma * sigma);
  for (let i = 0; i < squares.length; i++) squares[i] = Math.exp(factor * squares[i]!);
  return squares;
}
