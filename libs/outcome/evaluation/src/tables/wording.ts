/**
 * Comparisons in words. "Better" is said where the interval of the difference leaves 0 out, and nowhere else.
 */
import type { Comparison, ComparedMeasure } from '../measures/compare.js';
import type { Ranking } from '../measures/rank.js';

const SIGNS: Readonly<Record<ComparedMeasure, string>> = {
  accuracy_original: 'p_o',
  accuracy_shifted: 'p_s',
  reward: 'p_o + p_s',
};

/** `distribution − flat on p_o: +0.012 (+0.001 … +0.024; 3 seeds), McNemar p = 0.030: better`. */
export function comparisonInWords(comparison: Comparison): string {
  const { method, against, measure, difference, low, high, mcnemar, seeds, reason } = comparison;
  const about = `${method} − ${against} on ${SIGNS[measure]}`;
  if (difference === null || low === null || high === null)
    return `${about}: unknown, because ${reason ?? ''}`;
  const runs = `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`;
  const test = mcnemar === null ? '' : `, McNemar ${pInWords(mcnemar)}`;
  return `${about}: ${signed(difference)} (${signed(low)} … ${signed(high)}; ${runs})${test}: ${verdictOf(comparison)}`;
}

type Verdict = 'better' | 'worse' | 'not told apart';

/** By the interval over dev rows and seeds. */
export function verdictOf({ low, high }: Pick<Comparison, 'low' | 'high'>): Verdict {
  if (low !== null && low > 0) return 'better';
  return high !== null && high < 0 ? 'worse' : 'not told apart';
}

/** `p_o over 8 pairs: distribution 1.5, flat 2.1; critical difference 0.7, p = 0.010`. */
export function rankingInWords({ measure, pairs, ranks, p, criticalDifference, reason }: Ranking): string {
  if (reason !== null) return `${SIGNS[measure]}: no ranking, because ${reason}.`;
  const places = ranks.map(({ method, meanRank }) => `${method} ${meanRank.toFixed(2)}`).join(', ');
  const difference =
    criticalDifference === null ? 'unknown for so many methods' : criticalDifference.toFixed(2);
  const test = p === null ? 'no p, because all pairs rank alike' : `Friedman ${pInWords(p)}`;
  return `${SIGNS[measure]} over ${pairs} pairs: ${places}; critical difference ${difference}, ${test}.`;
}

function pInWords(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

/** With its sign, to three places. */
export function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return text === '0.000' ? text : `${value < 0 ? '-' : '+'}${text}`;
}
