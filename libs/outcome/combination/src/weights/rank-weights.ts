/**
 * The weights of formula (1) of Kenneweg, Schulz, Schröder and Hammer, "Intelligent Learning Rate
 * Distribution to reduce Catastrophic Forgetting in Transformers" (IDEAL 2022): a trial of rank r weighs
 * b^-r, over the sum of all weights.
 *
 * Trials are ranked by their reward p = p_s + p_o (in the authors' logs the sum of the second and third
 * column; the first, the accuracy on D_o before phase 2, does not count), the best first; equal rewards go by
 * trial number, the earlier first. Whether ranks begin at 0 or at 1 is no matter, because b cancels out of
 * the quotient; here they begin at 0. With this the authors' four logs give the vector that they printed to
 * 0.16 %; the other order of equal rewards is further off.
 */
import { InputError } from '@layerwise/errors';
import type { RatedTrial } from '../trials/rated-trial.js';

/** Of the paper. */
export const PAPER_BASE = 1.8;

/** The trials from the best to the worst. */
export function ranked(trials: readonly RatedTrial[]): RatedTrial[] {
  return [...trials].sort((a, b) => b.reward - a.reward || a.number - b.number);
}

/**
 * b^-r for r = 0 … count-1, summing to 1. [count]. Base 1 weighs all alike; the higher the base, the more the
 * best count.
 * @throws InputError for a base that is no finite number of at least 1
 */
export function rankWeights(count: number, base = PAPER_BASE): Float64Array {
  if (!(base >= 1 && base < Infinity)) {
    throw new InputError(`--b must be a number of at least 1, not ${base}.`);
  }
  return normalised(Float64Array.from({ length: count }, (_, rank) => base ** -rank));
}

/** The same weights as shares of their sum. */
export function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
