/**
 * Where K-means starts: rows with different vectors, drawn by a seed, one after the other, so that the first
 * k of a longer draw are the draw of k. Both ways of running K-means (`kmeans.ts`) start there: ml-kmeans'
 * own `kmeans++` takes a minute for 67,349 × 384, and its `random` may take one vector twice.
 *
 * `kmeans++` is Arthur and Vassilvitskii, k-means++: the advantages of careful seeding (SODA 2007): each next
 * row is drawn with a probability in proportion to its squared distance from the nearest one drawn before.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import { rowCount, squaredDistance, type Points } from './points.js';

export const INITIALIZATIONS = ['kmeans++', 'random'] as const;
export type Initialization = (typeof INITIALIZATIONS)[number];

/** Row numbers of k initial centres; fewer, and at least one, where there are fewer different vectors. */
export function initialRows(
  points: Points,
  k: number,
  initialization: Initialization,
  seed: number,
): Int32Array {
  return initialization === 'random' ? randomRows(points, k, seed) : distantRows(points, k, seed);
}

/** The numbers 0 … rows−1 in a random order, by Fisher and Yates. */
export function* shuffledRows(rows: number, seed: number): Generator<number> {
  const generator = mersenne(seed);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  for (let next = 0; next < rows; next++) {
    const other = uniformInt(generator, next, rows - 1);
    const drawn = order[other]!;
    order[other] = order[next]!;
    yield drawn;
  }
}

function randomRows(points: Points, k: number, seed: number): Int32Array {
  const chosen: number[] = [];
  for (const row of shuffledRows(rowCount(points), seed)) {
    if (chosen.length === k) break;
    // Of two equal centres the second would never get a row.
    if (!chosen.some((other) => isSameVector(points, row, other))) chosen.push(row);
  }
  return Int32Array.from(chosen);
}

function distantRows(points: Points, k: number, seed: number): Int32Array {
  const rows = rowCount(points);
  const generator = mersenne(seed);
  const chosen = [uniformInt(generator, 0, rows - 1)];
  const nearest = new Float64Array(rows).fill(Infinity); // squared distance to the nearest chosen row
  while (chosen.length < k) {
    const last = chosen.at(-1)!;
    let total = 0;
    for (let row = 0; row < rows; row++) {
      nearest[row] = Math.min(nearest[row]!, squaredDistance(points, row, points.values, last));
      total += nearest[row]!;
    }
    if (total === 0) break;
    chosen.push(rowAt(nearest, uniformFloat64(generator) * total));
  }
  return Int32Array.from(chosen);
}

/** The row at which the running sum of weights passes `target`; never one of weight 0. */
function rowAt(weights: Float64Array, target: number): number {
  let [sum, last] = [0, 0];
  for (let row = 0; row < weights.length && sum <= target; row++) {
    const weight = weights[row]!;
    if (weight === 0) continue;
    sum += weight;
    last = row;
  }
  return last;
}

function isSameVector({ size, values }: Points, row: number, other: number): boolean {
  for (let j = 0; j < size; j++) if (values[row * size + j] !== values[other * size + j]) return false;
  return true;
}
