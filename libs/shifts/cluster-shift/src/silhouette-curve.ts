/** How good each number of clusters would be: K-means for k = 2 … 8, and silhouettes on one sample. */
import { takeVectors } from '@layerwise/artifacts';
import { inertiaOf, type Clustering } from './clustering.js';
import { shuffledRows } from './initial-centres.js';
import { rowCount, type Points } from './points.js';
import { silhouettes } from './silhouette.js';

export const CURVE = { least: 2, most: 8 } as const;
/** Rows whose silhouette is computed, at most. */
const SAMPLE_ROWS = 2000;
/** Makes the sample another draw than that of the initial centres by the same seed. */
const SAMPLE_STREAM = 0x51a7;

/** A column each; `k` ascends. */
export interface SilhouetteCurve {
  readonly k: Int32Array;
  /** On the sample; null where all of its rows are in one cluster. */
  readonly silhouette: (number | null)[];
  /** Of all rows. */
  readonly inertia: Float64Array;
  readonly iterations: Int32Array;
  readonly sampleRows: number;
}

/** Row numbers of the sample, ascending; all rows where there are no more. */
export function sampleOf(rows: number, seed: number): Int32Array {
  const shuffled = [...shuffledRows(rows, seed ^ SAMPLE_STREAM)];
  return Int32Array.from(shuffled.slice(0, SAMPLE_ROWS)).sort();
}

/** Of clusterings of the same points; the key is k. */
export function silhouetteCurve(
  points: Points,
  clusterings: ReadonlyMap<number, Clustering>,
  seed: number,
): SilhouetteCurve {
  const sample = sampleOf(rowCount(points), seed);
  const of = [...clusterings.entries()].sort(([a], [b]) => a - b);
  return {
    k: Int32Array.from(of, ([k]) => k),
    silhouette: silhouettes(
      { size: points.size, values: takeVectors(points, sample) },
      of.map(([, { assignment }]) => sample.map((row) => assignment[row]!)),
    ),
    inertia: Float64Array.from(of, ([, clustering]) => inertiaOf(points, clustering)),
    iterations: Int32Array.from(of, ([, { iterations }]) => iterations),
    sampleRows: sample.length,
  };
}
