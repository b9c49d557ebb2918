/** A number that is known by draws: its mean, and where the middle share of the draws lies. */
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
  return {
    mean: ascending.reduce((sum, value) => sum + value, 0) / ascending.length,
    low: quantileOf(ascending, (1 - LEVEL) / 2),
    high: quantileOf(ascending, (1 + LEVEL) / 2),
  };
}

/** Linear between order statistics (Hyndman and Fan's type 7). */
function quantileOf(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below] ?? NaN;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] ?? NaN;
  return low + (place - below) * (high - low);
}
