/**
 * Methods over many pairs: mean ranks with Friedman's test and Nemenyi's critical difference, as Demšar
 * (2006) has them. Below eight pairs there is no ranking: the test knows too little then.
 */
import { criticalDifference, friedman } from '@layerwise/statistics';
import type { EvaluationPlan } from '../plan/plan.js';
import { summaryOf, type Summary } from './summary.js';

export const RANKED_MEASURES = ['accuracy_original', 'accuracy_shifted', 'reward'] as const;
type RankedMeasure = (typeof RANKED_MEASURES)[number];

const LEAST_PAIRS = 8;

export interface Ranking {
  readonly measure: RankedMeasure;
  /** Pairs on which all ranked methods have a mean. */
  readonly pairs: number;
  /** The best first; empty where there is no ranking. */
  readonly ranks: readonly { readonly method: string; readonly meanRank: number }[];
  /** Of "all methods are alike". */
  readonly p: number | null;
  /** Mean ranks that differ by less are not told apart (α = 0.05). */
  readonly criticalDifference: number | null;
  /** Why there is no ranking. */
  readonly reason: string | null;
}

/** Ranks the methods that have a mean on every pair that any method has one on. */
export function rankMethods(
  { methods, pairs }: EvaluationPlan,
  summaries: readonly Summary[],
  measure: RankedMeasure,
): Ranking {
  const meanOf = (method: string, pair: string): number | null =>
    summaryOf(summaries, method, pair, measure)?.mean ?? null;
  const known = pairs.filter(({ name }) => methods.some((method) => meanOf(method, name) !== null));
  const ranked = methods.filter((method) => known.every(({ name }) => meanOf(method, name) !== null));
  const none = (reason: string): Ranking => ({
    measure,
    pairs: known.length,
    ranks: [],
    p: null,
    criticalDifference: null,
    reason,
  });
  if (known.length < LEAST_PAIRS)
    return none(`a ranking needs at least ${LEAST_PAIRS} pairs, and there are ${known.length}`);
  if (ranked.length < 2) return none('fewer than two methods have results on all pairs');
  const { meanRanks, p } = friedman(
    known.map(({ name }) => ranked.map((method) => meanOf(method, name) ?? NaN)),
  );
  const ranks = ranked
    .map((method, place) => ({ method, meanRank: meanRanks[place] ?? NaN }))
    .sort((a, b) => a.meanRank - b.meanRank);
  const difference = criticalDifference(ranked.length, known.length);
  return { measure, pairs: known.length, ranks, p, criticalDifference: difference, reason: null };
}
