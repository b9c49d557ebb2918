/**
 * The trials whose rates are all alike: a flat rate is the control of every distribution, and one that ranks
 * high says that the level of the rates matters more than their distribution.
 */
import { ranked } from '../weights/rank-weights.js';
import type { RatedTrial } from '../trials/rated-trial.js';

export interface FlatTrial {
  readonly trial: number;
  /** Of all groups. */
  readonly rate: number;
  readonly reward: number;
  /** Among all trials of its pair, from 1. */
  readonly place: number;
}

/** From the best to the worst. */
export function flatTrials(trials: readonly RatedTrial[]): FlatTrial[] {
  return ranked(trials).flatMap(({ number, reward, rates }, rank) =>
    areAlike(rates) ? [{ trial: number, rate: rates[0] ?? NaN, reward, place: rank + 1 }] : [],
  );
}

/** Whether rates are one rate: to a millionth, because logs are written in decimals. */
export function areAlike(rates: readonly number[]): boolean {
  const [rate = NaN] = rates;
  return rates.every((other) => Math.abs(other / rate - 1) < 1e-6);
}
