/**
 * K-means from given centres (`initial-centres.ts` draws them): each row to its nearest centre, each centre
 * to the mean of its rows, until no centre moves.
 *
 * Two ways that give the same bits: `ml-kmeans.ts`, and `lloyd.ts`, the same steps with the distances as a
 * matrix product in the engine. Of two centres that are as near the lower number wins. A cluster that loses
 * its last row keeps its centre and may win rows again; none is seeded anew.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clustering } from './clustering.js';
import { lloyd, type Iteration, type LloydOptions } from './lloyd.js';
import { mlKmeans } from './ml-kmeans.js';
import { rowCount, type Points } from './points.js';

export const METHODS = ['auto', 'ml-kmeans', 'fast'] as const;
export type Method = (typeof METHODS)[number];

/** rows × numbers × clusters up to which ml-kmeans is done before the engine has started and caught up. */
const SMALL = 2e6;

export interface KmeansOptions extends LloydOptions {
  readonly method: Method;
  readonly signal?: AbortSignal;
  readonly onIteration?: (iteration: number) => void;
}

/** The method that `auto` stands for. */
export function methodFor(method: Method, { values }: Points, k: number): Exclude<Method, 'auto'> {
  if (method !== 'auto') return method;
  return values.length * k <= SMALL ? 'ml-kmeans' : 'fast';
}

/**
 * Clusters points, beginning with the centres `initial`, [k, size]; the clusters keep their numbers.
 * @throws RangeError where there are fewer points than centres; the signal's reason when it is aborted,
 * between two iterations
 */
export async function kmeans(
  points: Points,
  initial: Float64Array,
  options: KmeansOptions,
): Promise<Clustering> {
  const [rows, k] = [rowCount(points), initial.length / points.size];
  if (k > rows) throw new RangeError(`${k} clusters of ${rows} points`);
  const iterate = methodFor(options.method, points, k) === 'fast' ? lloyd : mlKmeans;
  let iterations = 0;
  let last: Iteration | undefined;
  for await (const iteration of iterate(points, initial, options)) {
    last = iteration;
    iterations++;
    options.onIteration?.(iterations);
    await setImmediate(); // the only time at which an interrupt is heard
    options.signal?.throwIfAborted();
  }
  if (last === undefined) throw new RangeError('K-means was given no iteration');
  return { ...last, iterations };
}
