/**
 * Many trials → one distribution of learning rates, as Kenneweg et al. (IDEAL 2022) do it: formula (1), a
 * weighted geometric mean of the rates over a pair's trials, then the plain geometric mean over pairs. Both
 * are means of logarithms, because rates are searched on a log scale. Neighbours: `weightings.ts` says how
 * much a trial counts; `bootstrap-band.ts` and `leave-one-out.ts` ask how far the result would move.
 */
import { InputError } from '@layerwise/errors';
import { refuseMixedGroupings, type Grouping } from '@layerwise/optimizers';
import { ranked } from '../weights/rank-weights.js';
import type { PairTrials, RatedTrial } from '../trials/rated-trial.js';
import type { Weighting } from '../weights/weightings.js';

export interface Combination {
  /** Of all pairs. */
  readonly grouping: Grouping;
  /** [groups] The combined rates. */
  readonly rates: readonly number[];
  /** Each pair's own rates, in the order of the pairs. */
  readonly perPair: readonly PairRates[];
}

export interface PairRates {
  readonly pair: string;
  /** [groups] */
  readonly rates: readonly number[];
}

/**
 * Formula (1): exp(Σ_j w_j ln lr_ji) for each group i, over the trials j of one pair (at least one). [groups]
 */
export function combineTrials(trials: readonly RatedTrial[], weighting: Weighting): number[] {
  return combineRanked(ranked(trials), weighting);
}

/** As `combineTrials`, of trials that come from the best to the worst. */
export function combineRanked(trials: readonly RatedTrial[], weighting: Weighting): number[] {
  return weightedGeometricMean(
    trials.map(({ rates }) => rates),
    weighting(trials),
  );
}

/** Combines the trials of each pair, and the pairs. @throws InputError where `checkPairs` refuses them */
export function combine(pairs: readonly PairTrials[], weighting: Weighting): Combination {
  const grouping = checkPairs(pairs);
  const perPair = pairs.map(({ pair, trials }) => ({ pair, rates: combineTrials(trials, weighting) }));
  return { grouping, rates: geometricMean(perPair.map(({ rates }) => rates)), perPair };
}

/** The plain geometric mean over rows of one length. [rows][groups] → [groups] */
export function geometricMean(rows: readonly (readonly number[])[]): number[] {
  return weightedGeometricMean(rows, new Float64Array(rows.length).fill(1 / rows.length));
}

/**
 * The grouping of all pairs. @throws InputError unless there is a pair, no name occurs twice, and all have
 * the same grouping
 */
export function checkPairs(pairs: readonly PairTrials[]): Grouping {
  const [first] = pairs;
  if (first === undefined)
    throw new InputError('There is nothing to combine; give at least one file of trials.');
  const seen = new Map<string, string>();
  for (const { pair, file, grouping } of pairs) {
    const before = seen.get(pair);
    if (before !== undefined) {
      throw new InputError(
        `${before} and ${file} are both of the pair ${pair}, which would count twice; give one file a pair.`,
      );
    }
    seen.set(pair, file);
    try {
      refuseMixedGroupings(first.grouping, grouping);
    } catch (error) {
      if (error instanceof InputError) throw new InputError(`${first.file} and ${file}: ${error.message}`);
      throw error;
    }
  }
  return first.grouping;
}

function weightedGeometricMean(rows: readonly (readonly number[])[], weights: ArrayLike<number>): number[] {
  const groups = rows[0]?.length ?? 0;
  return Array.from({ length: groups }, (_, group) =>
    Math.exp(rows.reduce((sum, rates, row) => sum + (weights[row] ?? 0) * Math.log(rates[group] ?? NaN), 0)),
  );
}
