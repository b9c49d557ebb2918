/**
 * The paper's artificial shift: K-means of a task's embeddings, one cluster (or several) as D_o and another
 * as D_s. Kenneweg et al., Intelligent Learning Rate Distribution to Reduce Catastrophic Forgetting in
 * Transformers (IDEAL 2022), with K = 2 on [CLS].
 *
 * In: a task and its embeddings. Out: the pair, the cluster of every row, centres, and silhouettes for k = 2
 * … 8. `kmeans.ts` clusters, `divide.ts` says which rows, `stage.ts` reads and writes.
 */
import { type Embeddings, type Task } from '@layerwise/artifacts';
import { counted, InputError } from '@layerwise/errors';
import { cutTask, type Pair, type PairRows } from '@layerwise/pairs';
import { bestOfStarts, drawStarts } from './best-of-starts.js';
import type { ChosenClusters } from './chosen-clusters.js';
import type { Clustering } from './clustering.js';
import { divide, fittedPoints, type Division, type Fit } from './divide.js';
import type { Initialization } from './initial-centres.js';
import { methodFor, type KmeansOptions } from './kmeans.js';
import { rowCount } from './points.js';
import { CURVE, silhouetteCurve, type SilhouetteCurve } from './silhouette-curve.js';

/** Between two lines of progress. */
const SAY_EVERY_MS = 5000;

export interface ClusterShiftOptions extends Pick<
  KmeansOptions,
  'method' | 'maxIterations' | 'threads' | 'signal'
> {
  readonly k: number;
  readonly seed: number;
  readonly initialization: Initialization;
  /** From which K-means begins; the result with the least inertia is kept. */
  readonly starts: number;
  readonly fit: Fit;
  readonly chosen: ChosenClusters;
  /** One line for the person who waits. */
  readonly progress?: (line: string) => void;
}

export interface ClusterShift {
  readonly pair: Pair;
  readonly division: Division;
  readonly curve: SilhouetteCurve;
}

/**
 * Clusters and cuts. `embeddings` must be those of `task` (`checkEmbeddingsOf`); `checkParts` says whether
 * the parts are good for anything. The same seed gives the same bits, whatever the method and the threads.
 * @throws InputError where there are fewer rows or fewer different vectors to be fitted than clusters
 */
export async function clusterShift(
  task: Task,
  embeddings: Embeddings,
  options: ClusterShiftOptions,
): Promise<ClusterShift> {
  const { k, seed, fit, chosen, progress } = options;
  const points = fittedPoints(embeddings, fit);
  const rows = rowCount(points);
  const of = `${counted(rows, fit === 'both' ? 'train and dev row' : 'train row')} of ${task.name}`;
  const devRows = rowCount(embeddings.dev);
  if (k > rows) throw new InputError(`${k} clusters cannot be made of the ${of}; lower --k`);
  if (fit === 'each' && k > devRows)
    throw new InputError(
      `${k} clusters cannot be made of the ${counted(devRows, 'dev row')} of ${task.name}; lower --k, or fit on train (--fit train)`,
    );
  const starts = drawStarts(points, Math.max(k, CURVE.most), options);
  const vectors = starts[0]!.length;
  const startsOf = (count: number) => starts.map((rows) => rows.subarray(0, count));
  if (k > vectors)
    throw new InputError(
      `${k} clusters cannot be made of the ${of}, which have only ${counted(vectors, 'different vector')}; lower --k`,
    );

  let said = performance.now();
  const optionsFor = (count: number): KmeansOptions => ({
    ...options,
    onIteration: (iteration) => {
      if (performance.now() - said < SAY_EVERY_MS) return;
      said = performance.now();
      progress?.(`K-means, k = ${count}: iteration ${iteration}`);
    },
  });
  progress?.(
    `K-means, k = ${k}, of ${of} by ${methodFor(options.method, points, k)}, from ${counted(starts.length, 'start')}`,
  );
  const division = await divide(embeddings, fit, points, startsOf(k), optionsFor(k));
  const pair = cutTask(
    task,
    'cluster',
    { original: rowsIn(division, chosen.original), shifted: rowsIn(division, chosen.shifted) },
    { original: partName(task, chosen.original), shifted: partName(task, chosen.shifted) },
  );

  const clusterings = new Map<number, Clustering>();
  for (let count = CURVE.least; count <= Math.min(CURVE.most, vectors); count++) {
    const [done] = division.fits;
    const clustering =
      count === k && done
        ? done.clustering
        : (await bestOfStarts(points, startsOf(count), optionsFor(count))).clustering;
    clusterings.set(count, clustering);
  }
  progress?.(`silhouettes for k = ${[...clusterings.keys()].join(', ')}`);
  return { pair, division, curve: silhouetteCurve(points, clusterings, seed) };
}

/** The rows in any of `clusters`, ascending. */
function rowsIn(division: Division, clusters: readonly number[]): PairRows {
  const taken = (assignment: Int32Array): Int32Array =>
    Int32Array.from(assignment.keys()).filter((row) => clusters.includes(assignment[row] ?? -1));
  return { train: taken(division.train), dev: taken(division.dev) };
}

function partName({ name }: Task, clusters: readonly number[]): string {
  return `${name} (${clusters.length === 1 ? 'cluster' : 'clusters'} ${clusters.join(', ')})`;
}
