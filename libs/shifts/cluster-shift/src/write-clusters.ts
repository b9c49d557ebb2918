/** A clustering as files: `clusters.arrow`, `centres.arrow` and `silhouette.arrow`. */
import { join } from 'node:path';
import { clusterTable, writeTable, type Embeddings, type Task } from '@layerwise/artifacts';
import type { ClusterShift, ClusterShiftOptions } from './cluster-shift.js';
import { sizesOf } from './clustering.js';
import { centresTable, silhouetteTable } from './tables.js';

/** Writes the three files into `folder`, which exists. The embeddings are those that were clustered. */
export async function writeClusters(
  task: Task,
  { encoder, pooling, train }: Pick<Embeddings, 'encoder' | 'pooling' | 'train'>,
  { division, curve }: ClusterShift,
  { k, seed, fit }: Pick<ClusterShiftOptions, 'k' | 'seed' | 'fit'>,
  folder: string,
): Promise<void> {
  const [trainRows, devRows] = [division.train.length, division.dev.length];
  const split = new Array<string>(trainRows).fill('train').concat(new Array<string>(devRows).fill('dev'));
  const index = Int32Array.from([...task.train.index, ...task.dev.index]);
  const cluster = Int32Array.from([...division.train, ...division.dev]);
  const of = { task: task.name, k: String(k) };
  await writeTable(join(folder, 'clusters.arrow'), clusterTable, { split, index, cluster }, of);

  const { fits } = division;
  const perFit = (sizes: Int32Array): Int32Array => Int32Array.from(fits.flatMap(() => [...sizes]));
  const vectors = Float32Array.from(fits.flatMap(({ clustering }) => [...clustering.centres]));
  await writeTable(
    join(folder, 'centres.arrow'),
    centresTable,
    {
      fittedOn: fits.flatMap(({ on }) => new Array<string>(k).fill(on)),
      cluster: perFit(Int32Array.from({ length: k }, (_, i) => i)),
      trainRows: perFit(sizesOf(division.train, k)),
      devRows: perFit(sizesOf(division.dev, k)),
      vector: { size: train.size, values: vectors },
    },
    { ...of, encoder, pooling, seed: String(seed), fit },
  );

  const { silhouette, inertia, iterations, sampleRows } = curve;
  const rows = fit === 'both' ? trainRows + devRows : trainRows;
  await writeTable(
    join(folder, 'silhouette.arrow'),
    silhouetteTable,
    { k: curve.k, silhouette, inertia, iterations },
    { ...of, seed: String(seed), rows: String(rows), sampleRows: String(sampleRows) },
  );
}
