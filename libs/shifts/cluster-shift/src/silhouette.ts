/**
 * The silhouette of clusterings: how much nearer rows are to their own cluster than to the next one, from −1
 * to 1.
 *
 * s(i) = (b − a) / max(a, b), a the mean distance of row i to the other rows of its cluster, b the least mean
 * distance to the rows of another; 0 for a cluster of one row. Rousseeuw, Silhouettes (J. Comput. Appl. Math.
 * 20, 1987); scikit-learn's `silhouette_score`.
 */
import { sizesOf } from './clustering.js';
import { rowCount, squaredDistance, type Points } from './points.js';

/**
 * The mean silhouette of each clustering of the same points (Euclidean distances, each computed once for all
 * of them); null for one whose rows are all in one cluster. Time grows with the square of the rows: give it a
 * sample.
 */
export function silhouettes(points: Points, assignments: readonly Int32Array[]): (number | null)[] {
  const rows = rowCount(points);
  const clusterings = assignments.map((assignment) => {
    const k = assignment.reduce((most, cluster) => Math.max(most, cluster), 0) + 1;
    return { assignment, k, sums: new Float64Array(rows * k) }; // [rows, k]: sum of distances to each cluster
  });
  for (let row = 0; row < rows; row++) {
    for (let other = row + 1; other < rows; other++) {
      const distance = Math.sqrt(squaredDistance(points, row, points.values, other));
      for (const { assignment, k, sums } of clusterings) {
        const [there, back] = [row * k + assignment[other]!, other * k + assignment[row]!];
        sums[there] = sums[there]! + distance;
        sums[back] = sums[back]! + distance;
      }
    }
  }
  return clusterings.map(({ assignment, k, sums }) =>
    meanSilhouette(assignment, sizesOf(assignment, k), sums),
  );
}

function meanSilhouette(assignment: Int32Array, sizes: Int32Array, sums: Float64Array): number | null {
  const k = sizes.length;
  if (sizes.filter((size) => size > 0).length < 2) return null;
  let total = 0;
  assignment.forEach((own, row) => {
    const companions = sizes[own]! - 1;
    if (companions === 0) return;
    let [a, b] = [0, Infinity];
    for (let cluster = 0; cluster < k; cluster++) {
      const [sum, size] = [sums[row * k + cluster]!, sizes[cluster]!];
      if (cluster === own) a = sum / companions;
      else if (size > 0) b = Math.min(b, sum / size);
    }
    const larger = Math.max(a, b);
    if (larger > 0) total += (b - a) / larger;
  });
  return total / assignment.length;
}
