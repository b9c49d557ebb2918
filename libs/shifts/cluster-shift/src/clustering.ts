/** A division of rows into clusters, as K-means (`kmeans.ts`) gives it, and what follows from it. */
import { squaredDistance, type Points } from './points.js';

export interface Clustering {
  /** `[k, size]`: the mean of the rows of each cluster; of an empty one, where it was last */
  readonly centres: Float64Array;
  /** `[rows]`: the cluster of each row, from 0 */
  readonly assignment: Int32Array;
  readonly iterations: number;
  /** False where iterations ran out first: then a row's own centre may not be its nearest. */
  readonly converged: boolean;
}

/** Rows of each of k clusters. */
export function sizesOf(assignment: Int32Array, k: number): Int32Array {
  const sizes = new Int32Array(k);
  for (const cluster of assignment) sizes[cluster] = sizes[cluster]! + 1;
  return sizes;
}

/** The sum of squared distances of all rows to the centres of their clusters. */
export function inertiaOf(points: Points, { centres, assignment }: Clustering): number {
  return assignment.reduce((sum, cluster, row) => sum + squaredDistance(points, row, centres, cluster), 0);
}

/** The same clusters numbered by size, the largest first; of equal ones, that whose first row comes first. */
export function inCanonicalOrder(clustering: Clustering, k: number): Clustering {
  const sizes = sizesOf(clustering.assignment, k);
  const firsts = Array.from(sizes, (_, cluster) => clustering.assignment.indexOf(cluster));
  const order = Array.from(sizes.keys()).sort((a, b) => sizes[b]! - sizes[a]! || firsts[a]! - firsts[b]!);
  const size = clustering.centres.length / k;
  const centres = new Float64Array(clustering.centres.length);
  const numbers = new Int32Array(k); // old → new
  order.forEach((old, now) => {
    centres.set(clustering.centres.subarray(old * size, (old + 1) * size), now * size);
    numbers[old] = now;
  });
  return { ...clustering, centres, assignment: clustering.assignment.map((old) => numbers[old]!) };
}
