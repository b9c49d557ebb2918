/**
 * Several methods over several data sets, as Demšar (JMLR 2006) compares them: Friedman's mean ranks (1937)
 * with Iman and Davenport's F (1980), and Nemenyi's critical difference (1963), by which two mean ranks must
 * differ for α = 0.05.
 */
import { incompleteBeta } from './beta.js';

export interface Friedman {
  /** [methods] Mean over the data sets; 1 is the best, ties share their ranks' mean. */
  readonly meanRanks: readonly number[];
  /** p of "all methods are alike"; null where all sets rank all methods alike (F is infinite) or tied. */
  readonly p: number | null;
}

/**
 * The 0.95 quantiles of the studentised range for 2 to 20 methods and infinitely many degrees of freedom,
 * over √2 (`scipy.stats.studentized_range.ppf(0.95, k, inf) / sqrt(2)`; Demšar's table 5a).
 */
const NEMENYI = [
  1.96, 2.3437, 2.569, 2.7278, 2.8497, 2.9483, 3.0309, 3.1017, 3.1637, 3.2187, 3.268, 3.3127, 3.3536, 3.3912,
  3.426, 3.4584, 3.4887, 3.5171, 3.5438,
];

/** @param scores [data sets][methods], higher is better; at least two of each */
export function friedman(scores: readonly (readonly number[])[]): Friedman {
  const sets = scores.length;
  const ranks = scores.map(ranksOf);
  const methods = ranks[0]?.length ?? 0;
  const meanRanks = Array.from(
    { length: methods },
    (_, method) => ranks.reduce((sum, row) => sum + (row[method] ?? 0), 0) / sets,
  );
  const middle = (methods + 1) / 2;
  // Kendall's form with its correction for ties: between-method variation of ranks over their whole
  // variation.
  const between = sets * meanRanks.reduce((sum, rank) => sum + (rank - middle) ** 2, 0);
  const whole = ranks.flat().reduce((sum, rank) => sum + (rank - middle) ** 2, 0);
  const chiSquared = (sets * (methods - 1) * between) / whole;
  const rest = sets * (methods - 1) - chiSquared;
  if (whole === 0 || rest <= 1e-9) return { meanRanks, p: null };
  const f = ((sets - 1) * chiSquared) / rest;
  const [one, two] = [methods - 1, (methods - 1) * (sets - 1)];
  return { meanRanks, p: incompleteBeta(two / (two + one * f), two / 2, one / 2) };
}

/** Nemenyi's critical difference of mean ranks, α = 0.05: q √(k (k + 1) / 6N); null beyond 20 methods. */
export function criticalDifference(methods: number, sets: number): number | null {
  const q = NEMENYI[methods - 2];
  return q === undefined ? null : q * Math.sqrt((methods * (methods + 1)) / (6 * sets));
}

/** 1 for the highest; equal scores share the mean of their ranks. */
function ranksOf(scores: readonly number[]): number[] {
  return scores.map((score) => {
    const above = scores.filter((other) => other > score).length;
    const equal = scores.filter((other) => other === score).length;
    return above + (equal + 1) / 2;
  });
}
