/** A number that is known by draws: its mean, and where the middle share of the draws lies. */
import { meanOf, quantilesOf } from '@layerwise/statistics';

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Share of the draws between `low` and `high`. */
export const LEVEL = 0.9;

/** Of at least one draw. */
export function intervalOf(draws: ArrayLike<number>): Interval {
  const ascending = Float64Array.from(draws).sort();
  const [low = NaN, high = NaN] = quantilesOf(ascending, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]);
  return { mean: meanOf(ascending), low, high };
}
