/**
 * Lloyd's iteration with the distances as a matrix product (`nearest.ts`): the fast way of `kmeans.ts`. Every
 * choice is ml-kmeans' choice: float64 decides, rows are added up in float64 in their order, an empty cluster
 * keeps its centre.
 */
import type { Clustering } from './clustering.js';
import { startNearest } from './nearest.js';
import { rowCount, type Points } from './points.js';

/** What one iteration left. */
export type Iteration = Omit<Clustering, 'iterations'>;

export interface LloydOptions {
  readonly maxIterations: number;
  /**
   * Of the engine; they do not change the result. One is quicker than several where the machine has other
   * work: the sums take longer than the product.
   */
  readonly threads?: number;
}

/** Iterates from the centres `initial`, [k, size], until none moves; yields the same assignment memory. */
export async function* lloyd(
  points: Points,
  initial: Float64Array,
  { maxIterations, threads = 1 }: LloydOptions,
): AsyncGenerator<Iteration> {
  const assignment = new Int32Array(rowCount(points));
  const nearest = await startNearest(points, initial.length / points.size, threads);
  try {
    let [centres, converged] = [initial, false];
    for (let iteration = 1; iteration <= maxIterations && !converged; iteration++) {
      await nearest.assign(centres, assignment);
      const [previous, means] = [centres, meansOf(points, assignment, centres)];
      converged = means.every((value, i) => value === previous[i]);
      centres = means;
      yield { centres, assignment, converged };
    }
  } finally {
    await nearest.dispose();
  }
}

/** The mean of each cluster's rows, [k, size]. */
function meansOf({ size, values }: Points, assignment: Int32Array, previous: Float64Array): Float64Array {
  const means = new Float64Array(previous.length);
  const clusters = Array.from({ length: previous.length / size }, (_, cluster) => ({
    rows: 0,
    sums: means.subarray(cluster * size, (cluster + 1) * size),
    before: previous.subarray(cluster * size, (cluster + 1) * size),
  }));
  for (let row = 0; row < assignment.length; row++) {
    const cluster = clusters[assignment[row]!];
    if (cluster === undefined) continue;
    cluster.rows++;
    const { sums } = cluster;
    const x = values.subarray(row * size, (row + 1) * size);
    for (let j = 0; j < x.length; j++) sums[j] = sums[j]! + x[j]!;
  }
  for (const { rows, sums, before } of clusters) {
    if (rows === 0) sums.set(before);
    else for (let j = 0; j < size; j++) sums[j] = sums[j]! / rows;
  }
  return means;
}
