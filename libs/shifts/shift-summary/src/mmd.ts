/**
 * Are two samples from one distribution? The maximum mean discrepancy (Gretton et al., A Kernel Two-Sample
 * Test, JMLR 13, 2012), unbiased estimator (their equation 3), with m rows of one part and n of the other:
 *
 *   MMD² = Σ_{i≠j} k(x_i, x_j) / m(m−1) + Σ_{i≠j} k(y_i, y_j) / n(n−1) − 2 Σ_{i,j} k(x_i, y_j) / mn
 *
 * and its p-value by permutation: the rows are dealt anew to parts of the same sizes N times, and
 * p = (1 + #{MMD² of a deal ≥ MMD² seen}) / (1 + N), which is valid for any N (Phipson and Smyth, 2010).
 *
 * The kernel (`kernel.ts`) is computed once. With the sums of its rows, the sum within the first part of a
 * deal gives the other two, so a deal costs m²/2 additions.
 */
import { drawSubset, type Draw } from '@layerwise/pairs';

/** Rounding must not part deals that are equal: kernel values are at most 1, and so is MMD² to the order. */
const TIE = 1e-12;

export interface MmdTest {
  /** Of the parts as they are. About 0, also below it, where they do not differ. */
  readonly mmdSquared: number;
  readonly pValue: number;
  /** MMD² of every deal, in the order of drawing: [permutations]. */
  readonly permuted: Float64Array;
}

/**
 * Tests the first `firstRows` of `rows` rows against the others. `kernel`: lower triangle (`kernel.ts`); both
 * parts have 2 rows or more, together at most 65,536. `draw` is used up by as many deals as `permutations`
 * says.
 */
export function mmdTest(
  kernel: Float64Array,
  rows: number,
  firstRows: number,
  permutations: number,
  draw: Draw,
): MmdTest {
  // The deal that is there comes first and is summed up as all others are.
  const deals = new Uint16Array((1 + permutations) * firstRows);
  for (let row = 0; row < firstRows; row++) deals[row] = row;
  for (let deal = 1; deal <= permutations; deal++)
    drawSubset(draw, rows, deals.subarray(deal * firstRows, (deal + 1) * firstRows));

  const squared = mmdOfDeals(kernel, rows, firstRows, deals);
  const mmdSquared = squared[0]!;
  const permuted = squared.subarray(1);
  let asFar = 0;
  for (const other of permuted) if (other >= mmdSquared - TIE) asFar++;
  return { mmdSquared, pValue: (1 + asFar) / (1 + permutations), permuted };
}

/** MMD² of each deal. `deals`: the rows of its first part, ascending: [deals, size]. */
export function mmdOfDeals(
  kernel: Float64Array,
  rows: number,
  size: number,
  deals: Uint16Array,
): Float64Array {
  const rowSums = sumsOfRows(kernel, rows);
  const total = rowSums.reduce((sum, value) => sum + value, 0) / 2;
  const within = sumsWithin(kernel, rows, size, deals);
  const secondSize = rows - size;
  return within.map((first, deal) => {
    let touching = 0;
    for (let i = deal * size; i < (deal + 1) * size; i++) touching += rowSums[deals[i]!]!;
    const between = touching - 2 * first;
    const second = total - first - between;
    return (
      (2 * first) / (size * (size - 1)) +
      (2 * second) / (secondSize * (secondSize - 1)) -
      (2 * between) / (size * secondSize)
    );
  });
}

/** Σ_{j≠i} k(i, j) for every row i: [rows]. */
function sumsOfRows(kernel: Float64Array, rows: number): Float64Array {
  const sums = new Float64Array(rows);
  for (let i = 1, place = 0; i < rows; i++)
    for (let j = 0; j < i; j++) {
      const value = kernel[place++]!;
      sums[i] = sums[i]! + value;
      sums[j] = sums[j]! + value;
    }
  return sums;
}

/** Σ k over the pairs within each deal: [deals]. By kernel rows, so that a row is read from memory once. */
function sumsWithin(kernel: Float64Array, rows: number, size: number, deals: Uint16Array): Float64Array {
  const within = new Float64Array(deals.length / size);
  const reached = new Int32Array(within.length); // how many rows of a deal are smaller than i
  for (let i = 0; i < rows; i++) {
    const row = kernel.subarray((i * (i - 1)) / 2, (i * (i + 1)) / 2);
    for (let deal = 0; deal < within.length; deal++) {
      const first = deal * size;
      const next = first + reached[deal]!;
      if (next === first + size || deals[next] !== i) continue;
      let sum = 0;
      for (let j = first; j < next; j++) sum += row[deals[j]!]!;
      within[deal] = within[deal]! + sum;
      reached[deal] = next - first + 1;
    }
  }
  return within;
}
