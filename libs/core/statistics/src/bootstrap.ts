/**
 * Percentile bootstrap (Efron 1979) of means over dev rows: rows are drawn with replacement, the mean is
 * taken again, and the interval holds the middle of what came out. Scores that belong to the same rows are
 * drawn together; so the difference of two models on the same rows is a score like any other, and its
 * interval is the paired one.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { quantilesOf } from './quantiles.js';

export interface BootstrapOptions {
  readonly resamples: number;
  readonly seed: number;
  /** Share of the resampled means inside the interval, 0.95 for instance. */
  readonly level: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * An interval for the mean of each of `scores`; all of them are over the same rows, in the same order.
 * @param scores [scores][rows], at least one row
 */
export function bootstrapMeans(
  scores: readonly Float64Array[],
  { resamples, seed, level }: BootstrapOptions,
): Interval[] {
  return resampledMeans(scores, resamples, seed).map((means) => middleOf(means, level));
}

/** The middle `level` of resampled figures. */
export function middleOf(figures: Float64Array, level: number): Interval {
  const outside = (1 - level) / 2;
  const [low = NaN, high = NaN] = quantilesOf(figures, [outside, 1 - outside]);
  return { low, high };
}

/** The resampled means themselves: [scores][resamples], in which all scores are of the same drawn rows. */
export function resampledMeans(
  scores: readonly Float64Array[],
  resamples: number,
  seed: number,
): Float64Array<ArrayBuffer>[] {
  const rows = scores[0]?.length ?? 0;
  const count = scores.length;
  // [rows, scores]: what a drawn row adds lies side by side.
  const byRow = new Float64Array(rows * count);
  scores.forEach((of, score) => of.forEach((value, row) => (byRow[row * count + score] = value)));

  const generator = xoroshiro128plus(seed);
  const means = scores.map(() => new Float64Array(resamples));
  const sums = new Float64Array(count);
  for (let resample = 0; resample < resamples; resample++) {
    sums.fill(0);
    for (let draw = 0; draw < rows; draw++) {
      const first = uniformInt(generator, 0, rows - 1) * count;
      for (let score = 0; score < count; score++) sums[score] = sums[score]! + byRow[first + score]!;
    }
    means.forEach((of, score) => (of[resample] = sums[score]! / rows));
  }
  return means;
}
