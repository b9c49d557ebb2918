/** The few statistics of a benchmark: medians, ratios, and how far apart two means are. */
import { studentQuantile } from '@layerwise/statistics';

/**
 * The middle number, of an even count the mean of the middle two; null of none.
 * @param {readonly number[]} numbers
 * @returns {number | null}
 */
export function medianOf(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/**
 * PyTorch's figure divided by ours, of seconds or bytes: above 1 ours is faster, or smaller. Null where one
 * is missing.
 * @param {number | null} ours
 * @param {number | null} peers
 * @returns {number | null}
 */
export function ratioOf(ours, peers) {
  return ours === null || peers === null || ours === 0 ? null : peers / ours;
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
  const [x, y] = [momentsOf(a), momentsOf(b)];
  const difference = x.mean - y.mean;
  if (a.length < 2 || b.length < 2) return { difference, low: null, high: null };
  const error = x.squaredError + y.squaredError;
  if (error === 0) return { difference, low: difference, high: difference };
  // Welch and Satterthwaite's degrees of freedom.
  const freedom = error ** 2 / (x.squaredError ** 2 / (a.length - 1) + y.squaredError ** 2 / (b.length - 1));
  const half = studentQuantile((1 + level) / 2, freedom) * Math.sqrt(error);
  return { difference, low: difference - half, high: difference + half };
}

/**
 * The mean, and the square of its standard error.
 * @param {readonly number[]} numbers
 */
export function momentsOf(numbers) {
  const n = numbers.length;
  const mean = numbers.reduce((sum, number) => sum + number, 0) / n;
  const squares = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0);
  return { mean, squaredError: squares / Math.max(1, n - 1) / n };
}
