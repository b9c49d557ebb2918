/**
 * How far other trials would have moved the combined rates: the percentile bootstrap (Efron 1979) over
 * trials. Of each pair as many trials as it has are drawn with replacement, ranked and weighed anew,
 * combined, and the pairs averaged; the band of a group holds the middle share of what came out. Drawn twice,
 * a trial takes two ranks.
 *
 * The band is about the choice of trials alone. It takes trials as exchangeable, which a sequential search's
 * are not quite, and says nothing of the noise of training or of other pairs (`leave-one-out.ts`).
 */
import { createHash } from 'node:crypto';
import { InputError } from '@layerwise/errors';
import { quantilesOf } from '@layerwise/statistics';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import { checkPairs, combineRanked, geometricMean } from './combine.js';
import { ranked } from '../weights/rank-weights.js';
import type { PairTrials } from '../trials/rated-trial.js';
import type { Weighting } from '../weights/weightings.js';

export interface BandOptions {
  readonly resamples: number;
  readonly seed: number;
  /** Share of the resampled rates inside the band, 0.9 for instance. */
  readonly level: number;
}

export interface Band {
  /** [groups] */
  readonly low: readonly number[];
  /** [groups] */
  readonly high: readonly number[];
}

/** @throws InputError where options are out of range, and as `combine` does */
export function bootstrapBand(
  pairs: readonly PairTrials[],
  weighting: Weighting,
  { resamples, seed, level }: BandOptions,
): Band {
  checkPairs(pairs);
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new InputError(`--resamples must be a whole number of at least 1, not ${resamples}.`);
  }
  const draws = pairs.map(({ pair, trials }) => {
    const best = ranked(trials);
    // Keyed by pair, so that the order of files is no matter.
    const generator = mersenne(keyOf(seed, pair));
    return () => {
      const drawn = Int32Array.from(best, () => uniformInt(generator, 0, best.length - 1)).sort();
      return combineRanked(
        Array.from(drawn).flatMap((place) => best[place] ?? []),
        weighting,
      );
    };
  });
  const all = Array.from({ length: resamples }, () => geometricMean(draws.map((draw) => draw())));
  const groups = all[0]?.length ?? 0;
  const outside = (1 - level) / 2;
  // Linear in the logarithms of the rates.
  const ends = Array.from({ length: groups }, (_, group) => {
    const logs = Float64Array.from(all, (rates) => Math.log(rates[group]!));
    return quantilesOf(logs, [outside, 1 - outside]).map(Math.exp);
  });
  return { low: ends.map(([low]) => low!), high: ends.map(([, high]) => high!) };
}

/** 32 bits out of a seed and a name. */
function keyOf(seed: number, name: string): number {
  return createHash('sha256').update(`${seed} ${name}`).digest().readInt32LE();
}
