/** Quantiles as numpy has them: linear between two numbers (Hyndman and Fan 1996, definition 7). */

/** The quantiles of `numbers`, in any order, at the given shares (0 to 1): [shares]. NaN of no numbers. */
export function quantilesOf(numbers: Int32Array | Float64Array, shares: readonly number[]): number[] {
  const sorted = numbers.slice().sort();
  return shares.map((share) => {
    const place = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
    return low + (high - low) * (place - Math.floor(place));
  });
}
