/**
 * K-means from several starts, of which the result with the least inertia is kept: Lloyd's iteration ends in
 * the nearest minimum, and from one start that may be a poor one. scikit-learn's `n_init`.
 */
import { inertiaOf, type Clustering } from './clustering.js';
import { initialRows, type Initialization } from './initial-centres.js';
import { kmeans, type KmeansOptions } from './kmeans.js';
import { centresAt, type Points } from './points.js';

/** Apart by the golden ratio of 2^32, so that the starts of seeds that follow each other differ. */
const SEED_STEP = 0x9e3779b9;

/**
 * The rows at which each of `starts` runs begins, the first those of `seed` itself. All have the same number:
 * k, or of different vectors where there are fewer.
 */
export function drawStarts(
  points: Points,
  k: number,
  { initialization, seed, starts }: { initialization: Initialization; seed: number; starts: number },
): readonly Int32Array[] {
  return Array.from({ length: starts }, (_, start) =>
    initialRows(points, k, initialization, (seed + start * SEED_STEP) >>> 0),
  );
}

/** The clustering that was kept, and the sum of squared distances of every start's. */
export interface BestOfStarts {
  readonly clustering: Clustering;
  readonly inertias: readonly number[];
}

/** Of equal ones the first is kept. @throws as `kmeans` */
export async function bestOfStarts(
  points: Points,
  starts: readonly Int32Array[],
  options: KmeansOptions,
): Promise<BestOfStarts> {
  const inertias: number[] = [];
  let best: Clustering | undefined;
  for (const rows of starts) {
    const clustering = await kmeans(points, centresAt(points, rows), options);
    const inertia = inertiaOf(points, clustering);
    if (best === undefined || inertia < Math.min(...inertias)) best = clustering;
    inertias.push(inertia);
  }
  if (best === undefined) throw new RangeError('K-means was given no start');
  return { clustering: best, inertias };
}
