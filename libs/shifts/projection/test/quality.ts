/** How good a picture of vectors is, by measures that know nothing of how it was made. */
import type { VectorRows } from '../src/index.js';

/** A picture's points as vectors of two numbers. */
export const picture = (points: Float64Array | readonly number[]) => ({
  rows: points.length / 2,
  size: 2,
  values: points,
});

interface Rows extends Omit<VectorRows, 'values'> {
  readonly values: ArrayLike<number>;
}

/** Squared distances: [rows][rows]. */
export function distances({ rows, size, values }: Rows): number[][] {
  return Array.from({ length: rows }, (_, a) =>
    Array.from({ length: rows }, (_, b) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += (values[a * size + i]! - values[b * size + i]!) ** 2;
      return sum;
    }),
  );
}

/** For each row the other rows, the nearest first. */
const byDistance = (rows: Rows): number[][] =>
  distances(rows).map((row, a) => [...row.keys()].filter((b) => b !== a).sort((b, c) => row[b]! - row[c]!));

/**
 * Venna and Kaski (2001): 1 where all `k` nearest points of every point are among its nearest vectors too.
 */
export function trustworthiness(vectors: Rows, points: Float64Array | readonly number[], k: number): number {
  const near = byDistance(vectors);
  const n = vectors.rows;
  let penalty = 0;
  byDistance(picture(points)).forEach((order, a) => {
    for (const b of order.slice(0, k)) penalty += Math.max(0, near[a]!.indexOf(b) + 1 - k);
  });
  return 1 - (2 * penalty) / (n * k * (2 * n - 3 * k - 1));
}

/** The part of the `k` nearest points of a point that is of its cluster. */
export function purity(
  points: Float64Array | readonly number[],
  cluster: readonly number[],
  k: number,
): number {
  const same = byDistance(picture(points)).map(
    (order, a) => order.slice(0, k).filter((b) => cluster[b] === cluster[a]).length / k,
  );
  return same.reduce((sum, part) => sum + part, 0) / same.length;
}

/**
 * What t-SNE makes small (van der Maaten and Hinton, 2008, equation 2): KL(P || Q), P of the vectors at a
 * perplexity.
 */
export function divergence(vectors: Rows, points: Float64Array, perplexity: number): number {
  const n = vectors.rows;
  const conditional = distances(vectors).map((row, a) => affinities(row, a, perplexity));
  const kernel = distances(picture(points)).map((row, a) => row.map((d, b) => (a === b ? 0 : 1 / (1 + d))));
  const total = kernel.flat().reduce((sum, value) => sum + value, 0);
  let sum = 0;
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) {
      const p = (conditional[a]![b]! + conditional[b]![a]!) / (2 * n);
      if (a !== b && p > 0) sum += p * Math.log(p / (kernel[a]![b]! / total));
    }
  return sum;
}

/**
 * Normal affinities of one row to the others, at the bandwidth where their entropy is that of `perplexity`
 * equal ones.
 */
function affinities(row: readonly number[], self: number, perplexity: number): number[] {
  let [low, high] = [-40, 40];
  let p: number[] = [];
  for (let i = 0; i < 100; i++) {
    const beta = 2 ** ((low + high) / 2);
    const nearest = Math.min(...row.filter((_, b) => b !== self));
    const weights = row.map((d, b) => (b === self ? 0 : Math.exp(-beta * (d - nearest))));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    p = weights.map((weight) => weight / sum);
    const entropy = -p.reduce((total, value) => total + (value > 0 ? value * Math.log(value) : 0), 0);
    if (entropy > Math.log(perplexity)) low = Math.log2(beta);
    else high = Math.log2(beta);
  }
  return p;
}
