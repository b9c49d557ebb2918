/** Clusters of both splits of a task, in one of three ways: what K-means is fitted on and applied to. */
import { joinVectors, type Embeddings } from '@layerwise/artifacts';
import { inCanonicalOrder, type Clustering } from './clustering.js';
import { bestOfStarts } from './best-of-starts.js';
import { kmeans, type KmeansOptions } from './kmeans.js';
import { assignExactly } from './nearest.js';
import { rowCount, type Points } from './points.js';

/**
 * `train`: fitted on the train rows; a dev row is in the cluster whose centre is nearest. `each`: the train
 * rows, then the dev rows for themselves, beginning with the centres of train, so that the numbers mean the
 * same. `both`: fitted on the rows of both together.
 */
export const FITS = ['train', 'each', 'both'] as const;
export type Fit = (typeof FITS)[number];

export interface Division {
  /** `[rows]`: the cluster of each row of the split */
  readonly train: Int32Array;
  readonly dev: Int32Array;
  /** Of the first fit, from every start. */
  readonly inertias: readonly number[];
  /** What was fitted, and on which rows. */
  readonly fits: readonly { readonly on: 'train' | 'dev' | 'both'; readonly clustering: Clustering }[];
}

/** The points that decide the first (mostly the only) fit; with `both`, a copy of all. */
export function fittedPoints({ train, dev }: Pick<Embeddings, 'train' | 'dev'>, fit: Fit): Points {
  return fit === 'both' ? { size: train.size, values: joinVectors(train.values, dev.values) } : train;
}

/**
 * Fits from each start on, keeps the best and numbers the clusters by size. `starts`: rows of `fittedPoints`.
 */
export async function divide(
  embeddings: Pick<Embeddings, 'train' | 'dev'>,
  fit: Fit,
  points: Points,
  starts: readonly Int32Array[],
  options: KmeansOptions,
): Promise<Division> {
  const { clustering: best, inertias } = await bestOfStarts(points, starts, options);
  const clustering = inCanonicalOrder(best, starts[0]!.length);
  const { centres, assignment } = clustering;
  const trainRows = rowCount(embeddings.train);
  switch (fit) {
    case 'both':
      return {
        train: assignment.subarray(0, trainRows),
        dev: assignment.subarray(trainRows),
        inertias,
        fits: [{ on: 'both', clustering }],
      };
    case 'each': {
      const dev = await kmeans(embeddings.dev, centres, options);
      const fits = [
        { on: 'train' as const, clustering },
        { on: 'dev' as const, clustering: dev },
      ];
      return { train: assignment, dev: dev.assignment, inertias, fits };
    }
    case 'train': {
      const dev = new Int32Array(rowCount(embeddings.dev));
      assignExactly(embeddings.dev, centres, dev);
      return { train: assignment, dev, inertias, fits: [{ on: 'train', clustering }] };
    }
  }
}
