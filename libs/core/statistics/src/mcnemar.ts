/**
 * McNemar's test (1947) in its exact form: of the rows on which two classifiers disagree about being right,
 * each is as likely to be right under the null hypothesis, so that the count of one is binomial with ½.
 * Dietterich (1998) recommends it for two classifiers that were trained once each.
 */
import { incompleteBeta } from './beta.js';

/** Rows on which one alone is right. */
export interface Disagreements {
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

/** The two-sided p value; 1 where they never disagree. */
export function mcnemar({ onlyFirst, onlySecond }: Disagreements): number {
  const n = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  if (2 * fewer === n) return 1;
  // P(X ≤ k) of the binomial with ½ is I_½(n − k, k + 1).
  return Math.min(1, 2 * incompleteBeta(0.5, n - fewer, fewer + 1));
}
