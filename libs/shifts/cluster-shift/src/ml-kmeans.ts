/** The door to ml-kmeans: Lloyd's iteration in plain JavaScript, from centres until none of them moves. */
import { kmeansGenerator } from 'ml-kmeans';
import type { Iteration, LloydOptions } from './lloyd.js';
import { type Points } from './points.js';

/** Iterates from the centres `initial`, [k, size], until none moves; slower than `lloyd` for many rows. */
export function* mlKmeans(
  { size, values }: Points,
  initial: Float64Array,
  { maxIterations }: LloydOptions,
): Generator<Iteration> {
  const steps = kmeansGenerator(rowsOf(values, size), initial.length / size, {
    initialization: rowsOf(initial, size),
    // Not at all: its default stops while rows still change their clusters.
    tolerance: 0,
    maxIterations,
  });
  for (const { centroids, clusters, converged } of steps)
    yield { centres: Float64Array.from(centroids.flat()), assignment: Int32Array.from(clusters), converged };
}

/** Rows as views: of a row, declared number[], ml-kmeans reads its numbers by position and its length. */
function rowsOf(values: Float32Array | Float64Array, size: number): number[][] {
  const count = values.length / size;
  const rows = Array.from({ length: count }, (_, row) => values.subarray(row * size, (row + 1) * size));
  return rows as unknown as number[][];
}
