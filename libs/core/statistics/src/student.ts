/** Student's t (1908): its quantiles, and the interval of a mean of few numbers that are about normal. */
import { incompleteBeta } from './beta.js';
import { meanOf, varianceOf } from './moments.js';

/** A mean with the ends of its interval; null where one number tells nothing of how the mean varies. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** The interval mean ± t · s / √n with n − 1 degrees of freedom, of at least one number. */
export function meanInterval(numbers: readonly number[], level: number): MeanInterval {
  const n = numbers.length;
  const mean = meanOf(numbers);
  if (n < 2) return { mean, low: null, high: null };
  const half = studentQuantile((1 + level) / 2, n - 1) * Math.sqrt(varianceOf(numbers) / n);
  return { mean, low: mean - half, high: mean + half };
}

/** The value below which a share (0 < share < 1) of Student's distribution lies, freedom > 0. */
export function studentQuantile(share: number, freedom: number): number {
  if (share === 0.5) return 0;
  if (share < 0.5) return -studentQuantile(1 - share, freedom);
  // P(T > t) = I_x(ν/2, 1/2) / 2 at x = ν / (ν + t²): bisection on x, where the tail is monotone and bounded.
  const tail = 2 * (1 - share);
  let [low, high] = [0, 1];
  for (let halving = 0; halving < 200 && low < high; halving++) {
    const x = (low + high) / 2;
    if (x === low || x === high) break;
    if (incompleteBeta(x, freedom / 2, 0.5) < tail) low = x;
    else high = x;
  }
  const x = (low + high) / 2;
  return Math.sqrt((freedom * (1 - x)) / x);
}
