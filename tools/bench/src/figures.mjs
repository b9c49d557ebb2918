/** The few statistics of a benchmark: medians, ratios, and how far apart two means are. */
import { meanOf, medianOf as middleOf, studentQuantile, varianceOf } from '@layerwise/statistics';

/**
 * The middle number, of an even count the mean of the middle two; null of none.
 * @param {readonly number[]} numbers
 */
export function medianOf(numbers) {
  return numbers.length === 0 ? null : middleOf(numbers);
}

/**
 * PyTorch's figure divided by ours, of seconds or bytes: above 1 ours is faster, or smaller. Null where one
 * is missing.
 * @param {number | null} ours
 * @param {number | null} peers
 */
export function ratioOf(ours, peers) {
  return ours === null || peers === null || ours === 0 ? null : peers / ours;
}

/**
 * Three cells of a table: our figure, PyTorch's and their ratio.
 * @param {number | null} ours
 * @param {number | null} peers
 */
export function compared(ours, peers) {
  return [ours, peers, ratioOf(ours, peers)];
}

/**
 * The difference of two means with the ends of its interval: Welch's, which supposes no equal variances. The
 * ends are null where one side has fewer than two numbers.
 * @param {readonly number[]} a
 * @param {readonly number[]} b
 * @param {number} level such as 0.9
 * @returns {{difference: number, low: number | null, high: number | null}}
 */
export function meanDifference(a, b, level) {
  const difference = meanOf(a) - meanOf(b);
  if (a.length < 2 || b.length < 2) return { difference, low: null, high: null };
  // Squared standard errors of both means.
  const [x, y] = [varianceOf(a) / a.length, varianceOf(b) / b.length];
  if (x + y === 0) return { difference, low: difference, high: difference };
  // Welch and Satterthwaite's degrees of freedom.
  const freedom = (x + y) ** 2 / (x ** 2 / (a.length - 1) + y ** 2 / (b.length - 1));
  const half = studentQuantile((1 + level) / 2, freedom) * Math.sqrt(x + y);
  return { difference, low: difference - half, high: difference + half };
}
