/**
 * From predictions to figures: accuracies and differences with intervals. A row's score is its mean over seeds, rows are
 * what is resampled (`bootstrap.ts`): so an interval tells how far another dev set might have moved the figure, and `sd`
 * how far another seed of training might.
 */
import type { PartName } from '@layerwise/pairs';
import { bootstrapMeans, type BootstrapOptions } from './bootstrap.js';
import { DIFFERENCES, MODELS, type ModelName } from './measures.js';

/** What one model of one seed said of a part's dev rows; all columns in the part's order. */
export interface PartPredictions {
  readonly measure: ModelName;
  readonly part: PartName;
  readonly seed: number;
  readonly index: Int32Array;
  readonly label: Int32Array;
  readonly predicted: Int32Array;
}

export interface Figure {
  /** Of `MODELS` or `DIFFERENCES`. */
  readonly measure: string;
  /** Whose dev rows it is about. */
  readonly part: PartName;
  readonly seeds: number;
  /** Mean over seeds and rows: a share of right answers, or the difference of two. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  /** Standard deviation over seeds (n − 1); null for one seed. */
  readonly sd: number | null;
  /** Dev rows. */
  readonly rows: number;
  /** Share of the commonest label among these rows: what always giving the same answer gets. */
  readonly majority: number;
}

/** Every model on every part that `predictions` has, then the differences that can be formed. */
export function figuresOf(predictions: readonly PartPredictions[], options: BootstrapOptions): Figure[] {
  return (['original', 'shifted'] as const).flatMap((part) => figuresOfPart(part, predictions, options));
}

function figuresOfPart(
  part: PartName,
  predictions: readonly PartPredictions[],
  options: BootstrapOptions,
): Figure[] {
  const own = predictions.filter((one) => one.part === part);
  const label = own[0]?.label ?? new Int32Array(0);
  // A score a row for each seed: 1 where the answer is right.
  const bySeed = new Map<string, Float64Array[]>();
  for (const { measure } of MODELS) {
    const answers = own.filter((one) => one.measure === measure);
    if (answers.length > 0) bySeed.set(measure, answers.map(rightAnswers));
  }
  for (const { measure, of, less, part: whose } of DIFFERENCES) {
    const [first, second] = [bySeed.get(of), bySeed.get(less)];
    if (whose !== part || !first || !second) continue;
    bySeed.set(
      measure,
      first.map((scores, seed) => scores.map((score, row) => score - (second[seed]?.[row] ?? Number.NaN))),
    );
  }
  const means = [...bySeed.values()].map(meanOverSeeds);
  const intervals = bootstrapMeans(means, options);
  return [...bySeed].map(([measure, seeds], place) => ({
    measure,
    part,
    seeds: seeds.length,
    accuracy: mean(means[place] ?? []),
    low: intervals[place]?.low ?? Number.NaN,
    high: intervals[place]?.high ?? Number.NaN,
    sd: standardDeviation(seeds.map(mean)),
    rows: label.length,
    majority: commonestShare(label),
  }));
}

function rightAnswers({ label, predicted }: PartPredictions): Float64Array {
  return Float64Array.from(label, (right, row) => (predicted[row] === right ? 1 : 0));
}

function meanOverSeeds(seeds: readonly Float64Array[]): Float64Array {
  const first = seeds[0] ?? new Float64Array(0);
  return first.map((_, row) => seeds.reduce((sum, scores) => sum + (scores[row] ?? 0), 0) / seeds.length);
}

/** Share of the commonest of `labels`. */
export function commonestShare(labels: Int32Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(...counts.values()) / labels.length;
}

function mean(values: Float64Array | readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function standardDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}
