/**
 * Mean, variance and median of some numbers. Sums go in the numbers' order, so that the same numbers in the
 * same order give the same bits.
 */

type Numbers = readonly number[] | Float64Array;

/** NaN of no numbers. */
export function meanOf(numbers: Numbers): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum / numbers.length;
}

/** Of a sample: over n − 1; NaN of fewer than two numbers. */
export function varianceOf(numbers: Numbers): number {
  const mean = meanOf(numbers);
  let squares = 0;
  for (const number of numbers) squares += (number - mean) ** 2;
  return squares / (numbers.length - 1);
}

/** Between the two middle numbers where there is an even number of them; NaN of none. */
export function medianOf(numbers: Numbers): number {
  const sorted = Float64Array.from(numbers).sort();
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
