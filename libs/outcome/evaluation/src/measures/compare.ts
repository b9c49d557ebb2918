/**
 * Two methods on one pair, on the same dev rows and with the same seeds.
 *
 * - The difference is that of the mean accuracies over the seeds that both have. Its interval is a paired
 *   percentile bootstrap over
 *   dev rows and seeds: rows and seeds are drawn with replacement, independently, and both methods are scored
 *   on the same drawn rows
 *   and seeds. So it tells how far another dev set and other seeds might move the difference; few seeds are
 *   drawn from few. Of a reward,
 *   rows of both dev splits are drawn, independently, with the same seeds.
 * - McNemar's exact test asks about the rows on which the two models of the first common seed disagree; other
 *   seeds are not in it.
 */
import { mcnemar, meanOf, middleOf, resampledMeans } from '@layerwise/statistics';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { EvaluationPlan } from '../plan/plan.js';
import type { Answers, CellResult } from '../runs/read-cell.js';

const COMPARED_MEASURES = ['accuracy_original', 'accuracy_shifted', 'reward'] as const;
export type ComparedMeasure = (typeof COMPARED_MEASURES)[number];

export interface ResampleOptions {
  readonly resamples: number;
  readonly seed: number;
}

const LEVEL = 0.95;

export interface Comparison {
  readonly pair: string;
  readonly method: string;
  readonly against: string;
  readonly measure: ComparedMeasure;
  /** Mean of `method` less mean of `against`; null where they have no seed in common. */
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Two-sided p; null for rewards. */
  readonly mcnemar: number | null;
  /** Dev rows compared. */
  readonly rows: number;
  /** That both have. */
  readonly seeds: number;
  readonly reason: string | null;
}

const PARTS = ['original', 'shifted'] as const;
type Part = (typeof PARTS)[number];

/** Whose dev rows a measure is of. */
const PARTS_OF: Readonly<Record<ComparedMeasure, readonly Part[]>> = {
  accuracy_original: ['original'],
  accuracy_shifted: ['shifted'],
  reward: PARTS,
};

/** Every method against each that is named before it, on every pair. */
export function compareMethods(
  { methods, pairs }: EvaluationPlan,
  results: readonly CellResult[],
  options: ResampleOptions,
): Comparison[] {
  return pairs.flatMap(({ name: pair }) => {
    const own = results
      .filter(({ cell, answers }) => cell.pair === pair && PARTS.every((part) => answers[part] !== null))
      .map(scored);
    const draws = {
      original: drawRows(own, 'original', options),
      shifted: drawRows(own, 'shifted', options),
    };
    return methods.flatMap((method, place) =>
      methods.slice(0, place).flatMap((against) => {
        const couple = coupleOf(method, against, own);
        return COMPARED_MEASURES.map((measure) => ({
          pair,
          method,
          against,
          measure,
          seeds: couple.length,
          ...compared(couple, PARTS_OF[measure], draws, options),
        }));
      }),
    );
  });
}

/** What a run got right: 1 or 0 for each dev row of a part. */
interface Scored {
  readonly cell: CellResult['cell'];
  readonly right: Readonly<Record<Part, Float64Array>>;
}

function scored({ cell, answers }: CellResult): Scored {
  const right = (of: Answers | null): Float64Array =>
    Float64Array.from(of?.predicted ?? [], (label, row) => (label === of?.label[row] ? 1 : 0));
  return { cell, right: { original: right(answers.original), shifted: right(answers.shifted) } };
}

/** Two methods with one seed. */
interface Duel {
  readonly one: Scored;
  readonly other: Scored;
}

function coupleOf(method: string, against: string, runs: readonly Scored[]): Duel[] {
  const of = (name: string): Scored[] => runs.filter(({ cell }) => cell.method === name);
  const rivals = of(against);
  return of(method).flatMap((one) => {
    const other = rivals.find(({ cell }) => cell.seed === one.cell.seed);
    return other === undefined ? [] : [{ one, other }];
  });
}

/** Accuracy of each run on resampled rows [resamples]; all runs of a pair are scored on the same ones. */
type RowDraws = ReadonlyMap<Scored, Float64Array>;

function drawRows(runs: readonly Scored[], part: Part, { resamples, seed }: ResampleOptions): RowDraws {
  const scores = runs.map(({ right }) => right[part]);
  const means = resampledMeans(scores, resamples, seed + PARTS.indexOf(part));
  return new Map(runs.map((run, place) => [run, means[place] ?? new Float64Array(0)]));
}

function compared(
  couple: readonly Duel[],
  parts: readonly Part[],
  draws: Readonly<Record<Part, RowDraws>>,
  { resamples, seed }: ResampleOptions,
) {
  const [first] = couple;
  const [part] = parts;
  if (first === undefined || part === undefined) {
    const reason = 'the two have no seed with answers on both dev splits in common';
    return { difference: null, low: null, high: null, mcnemar: null, rows: 0, reason };
  }
  const differences = couple.map(({ one, other }) =>
    sumOf(parts, (of) => meanOf(one.right[of]) - meanOf(other.right[of])),
  );
  const drawn = couple.map(({ one, other }) =>
    Float64Array.from({ length: resamples }, (_, at) =>
      sumOf(parts, (of) => (draws[of].get(one)?.[at] ?? 0) - (draws[of].get(other)?.[at] ?? 0)),
    ),
  );
  const generator = xoroshiro128plus(seed + PARTS.length);
  // As many seeds as there are, drawn anew for each resample.
  const means = Float64Array.from({ length: resamples }, (_, at) => {
    const picks = couple.map(() => drawn[uniformInt(generator, 0, couple.length - 1)]?.[at] ?? 0);
    return meanOf(picks);
  });
  return {
    difference: meanOf(differences),
    ...middleOf(means, LEVEL),
    mcnemar: parts.length > 1 ? null : disagreement(first, part),
    rows: sumOf(parts, (of) => first.one.right[of].length),
    reason: null,
  };
}

function disagreement({ one, other }: Duel, part: Part): number {
  const only = (of: Float64Array, not: Float64Array): number =>
    of.reduce((count, right, row) => count + (right === 1 && not[row] === 0 ? 1 : 0), 0);
  const [a, b] = [one.right[part], other.right[part]];
  return mcnemar({ onlyFirst: only(a, b), onlySecond: only(b, a) });
}

function sumOf(parts: readonly Part[], of: (part: Part) => number): number {
  return parts.reduce((sum, part) => sum + of(part), 0);
}
