/**
 * A picture by t-SNE from several random starts, of which the one with the least divergence
 * (`divergence.ts`) is kept: each ends in a minimum of its own. What UMAP makes small is no number that two
 * of its pictures share, and PCA draws no lots: both are drawn once.
 */
import { affinitiesOf, divergenceOf } from './divergence.js';
import { project, type ProjectorName } from './project.js';
import type { ProjectorOptions, VectorRows, Watcher } from './projector.js';

/** Apart by the golden ratio of 2^32, so that the starts of seeds that follow each other differ. */
const SEED_STEP = 0x9e3779b9;

export interface BestPicture {
  /** [rows, 2]. */
  readonly points: Float64Array;
  /** Of each start, the seed's own first; none where there is one picture only. */
  readonly divergences: readonly number[];
}

/** Of equal pictures the first is kept. @throws as `project` */
export async function bestPicture(
  name: ProjectorName,
  vectors: VectorRows,
  options: ProjectorOptions & { readonly starts: number },
  watcher: Watcher,
): Promise<BestPicture> {
  const { starts, seed } = options;
  const first = await project(name, vectors, options, watcher);
  if (starts === 1 || name === 'pca' || name === 'umap') return { points: first, divergences: [] };
  const affinities = affinitiesOf(vectors, options.perplexity);
  const divergences = [divergenceOf(affinities, first)];
  let points = first;
  for (let start = 1; start < starts; start++) {
    const another = { ...options, seed: (seed + start * SEED_STEP) >>> 0 };
    const drawn = await project(name, vectors, another, {
      ...watcher,
      progress: (line) => {
        watcher.progress(`start ${start + 1} of ${starts}: ${line}`);
      },
    });
    const divergence = divergenceOf(affinities, drawn);
    if (divergence < Math.min(...divergences)) points = drawn;
    divergences.push(divergence);
  }
  return { points, divergences };
}
