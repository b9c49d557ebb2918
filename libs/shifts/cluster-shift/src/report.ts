/** What a person is told of a clustering: whether it converged, what fell out, which clusters are useless. */
import type { StageReport, Task } from '@layerwise/artifacts';
import { counted } from '@layerwise/errors';
import { PAIR_SPLITS } from '@layerwise/pairs';
import type { ClusterShift, ClusterShiftOptions } from './cluster-shift.js';
import { sizesOf } from './clustering.js';

/** The iterations of the (first) fit, and sentences on fits, clusters and silhouettes. */
export function reportOf(
  task: Task,
  { division, curve, pair }: ClusterShift,
  { k, maxIterations }: Pick<ClusterShiftOptions, 'k' | 'maxIterations'>,
): Required<StageReport> {
  const notes: string[] = [];
  for (const { on, clustering } of division.fits) {
    const { iterations, converged } = clustering;
    const who = `K-means of the rows of ${on === 'both' ? 'train and dev' : on}`;
    notes.push(
      converged
        ? `${who} came to rest after ${counted(iterations, 'iteration')}`
        : `${who} did not come to rest in ${counted(maxIterations, 'iteration')}; raise --max-iterations`,
    );
  }
  const { inertias } = division;
  const [least, most] = [Math.min(...inertias), Math.max(...inertias)];
  if (inertias.length > 1)
    notes.push(
      most === least || least === 0
        ? `all ${inertias.length} starts end with the same inertia`
        : `kept is the best of ${inertias.length} starts; the worst has ${((100 * (most - least)) / least).toPrecision(2)} % more inertia`,
    );
  for (const split of PAIR_SPLITS) {
    const sizes = sizesOf(division[split], k);
    notes.push(`rows of the clusters in ${split}: ${sizes.join(', ')}`);
    const empty = [...sizes.keys()].filter((cluster) => sizes[cluster] === 0);
    if (empty.length > 0)
      notes.push(
        `${clusters(empty)} no ${split} rows; an empty cluster keeps its centre, it is not seeded anew`,
      );
    const single = oneLabel(task[split].label, division[split], k);
    if (single.length > 0) notes.push(`${clusters(single)} ${split} rows of one label alone`);
    const left =
      division[split].length - pair.original[split].label.length - pair.shifted[split].label.length;
    if (left > 0)
      notes.push(
        `${counted(left, `${split} row`)} in clusters that belong to neither part ${left === 1 ? 'is' : 'are'} left out`,
      );
  }
  const scores = curve.silhouette.map((score) => score ?? -Infinity);
  const best = Math.max(...scores);
  if (best > -Infinity)
    notes.push(
      `of k = ${curve.k.join(', ')}, the silhouette is largest at k = ${curve.k[scores.indexOf(best)]!}: ${best.toFixed(3)} on ${curve.sampleRows} rows`,
    );
  return { counts: { iterations: division.fits[0]!.clustering.iterations }, notes };
}

function clusters(numbers: readonly number[]): string {
  return numbers.length === 1 ? `cluster ${numbers.join()} has` : `clusters ${numbers.join(', ')} have`;
}

/** Clusters that have rows, all of the same label. */
function oneLabel(labels: Int32Array, assignment: Int32Array, k: number): number[] {
  const seen = Array.from({ length: k }, () => new Set<number>());
  assignment.forEach((cluster, row) => seen[cluster]?.add(labels[row]!));
  return [...seen.keys()].filter((cluster) => seen[cluster]?.size === 1);
}
