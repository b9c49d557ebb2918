/**
 * From predictions to figures: accuracies and differences with intervals. A row's score is its mean over
 * seeds, rows are what is resampled (`bootstrapMeans`): so an interval tells how far another dev set might
 * have moved the figure, and `sd` how far another seed of training might.
 */
import { PARTS, type PartName } from '@layerwise/pairs';
import { bootstrapMeans, meanOf, varianceOf, type BootstrapOptions } from '@layerwise/statistics';
import { DIFFERENCES, MODELS, type ModelName } from './measures.js';

/** What one model of one seed said of a part's dev rows; all columns in the part's order. */
export interface PartPredictions {
  readonly measure: ModelName;
  readonly part: PartName;
  readonly seed: number;
  /**
   * `[rows]`: the row's number in its source, the right label and the answer, as positions in the label
   * names.
   */
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

/**
 * Every model on every part that `predictions` has, then the differences that can be formed: of the same
 * rows, and of runs with the same seed, in whatever order they come.
 */
export function figuresOf(predictions: readonly PartPredictions[], options: BootstrapOptions): Figure[] {
  return PARTS.flatMap((part) => figuresOfPart(part, predictions, options));
}

/** A score for each dev row, by seed. */
type ScoresBySeed = ReadonlyMap<number, Float64Array>;

function figuresOfPart(
  part: PartName,
  predictions: readonly PartPredictions[],
  options: BootstrapOptions,
): Figure[] {
  const own = predictions.filter((one) => one.part === part);
  const label = own[0]?.label ?? new Int32Array(0);
  // By measure and seed, a score a row: 1 where the answer is right.
  const scores = new Map<string, ScoresBySeed>();
  for (const { measure } of MODELS) {
    const answers = own.filter((one) => one.measure === measure);
    if (answers.length > 0) scores.set(measure, new Map(answers.map((one) => [one.seed, rightAnswers(one)])));
  }
  for (const { measure, of, less, part: whose } of DIFFERENCES) {
    const [first, second] = [scores.get(of), scores.get(less)];
    if (whose !== part || !first || !second) continue;
    const difference = differences(first, second);
    if (difference.size > 0) scores.set(measure, difference);
  }
  const means = [...scores.values()].map(meanOverSeeds);
  const intervals = bootstrapMeans(means, options);
  return [...scores].map(([measure, bySeed], place) => ({
    measure,
    part,
    seeds: bySeed.size,
    accuracy: meanOf(means[place]!),
    low: intervals[place]!.low,
    high: intervals[place]!.high,
    sd: bySeed.size < 2 ? null : Math.sqrt(varianceOf([...bySeed.values()].map(meanOf))),
    rows: label.length,
    majority: commonestShare(label),
  }));
}

function rightAnswers({ label, predicted }: PartPredictions): Float64Array {
  return Float64Array.from(label, (right, row) => (predicted[row] === right ? 1 : 0));
}

/** Of the seeds that both have. */
function differences(first: ScoresBySeed, second: ScoresBySeed): ScoresBySeed {
  const shared = [...first].flatMap(([seed, scores]) => {
    const less = second.get(seed);
    return less === undefined ? [] : [[seed, scores.map((score, row) => score - less[row]!)] as const];
  });
  return new Map(shared);
}

function meanOverSeeds(bySeed: ScoresBySeed): Float64Array {
  const seeds = [...bySeed.values()];
  const first = seeds[0] ?? new Float64Array(0);
  return first.map((_, row) => seeds.reduce((sum, scores) => sum + scores[row]!, 0) / seeds.length);
}

/** Share of the commonest of `labels`. */
export function commonestShare(labels: Int32Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(...counts.values()) / labels.length;
}
