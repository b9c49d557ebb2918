/**
 * Leave-one-pair-out: the combination without each pair in turn, so what a user gets for a pair that was not
 * searched. How far it moves says how much the result is one pair's. Neighbours: `combine.ts`,
 * `bootstrap-band.ts` (over trials).
 */
import { InputError } from '@layerwise/errors';
import { combine, geometricMean } from './combine.js';
import type { PairTrials } from '../trials/rated-trial.js';
import type { Weighting } from '../weights/weightings.js';

export interface LeftOut {
  /** The pair that is left out. */
  readonly pair: string;
  /** [groups] Combined over the others. */
  readonly rates: readonly number[];
  /** The largest factor, up or down, by which a rate differs from that of all pairs; at least 1. */
  readonly largestFactor: number;
}

/** One entry a pair, in their order. @throws InputError of fewer than two pairs, and as `combine` does */
export function leaveOneOut(pairs: readonly PairTrials[], weighting: Weighting): LeftOut[] {
  const { rates: all, perPair } = combine(pairs, weighting);
  if (perPair.length < 2) {
    throw new InputError('--leave-one-out needs at least two pairs; give more files, or leave it out.');
  }
  return perPair.map(({ pair }, left) => {
    const rates = geometricMean(perPair.filter((_, i) => i !== left).map((other) => other.rates));
    const factors = rates.map((rate, i) => Math.exp(Math.abs(Math.log(rate / (all[i] ?? NaN)))));
    return { pair, rates, largestFactor: Math.max(...factors) };
  });
}
