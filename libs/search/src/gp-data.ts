/**
 * What the process is fitted to: places and fidelities of the history's observations, and rewards brought to a scale on which a few
 * huge losses do not hide what distinguishes the good places.
 */
import { fitPower, standardise, yeoJohnson, type Inputs } from '@layerwise/gaussian-process';
import type { Coordinates } from './gp-coordinates.js';
import type { GpOptions } from './gp-options.js';
import type { Observation } from './sampler.js';

export interface Data {
  readonly inputs: Inputs;
  /** [n] warped and standardised rewards. */
  readonly y: Float64Array;
}

/** The process sees at most `most` observations: the best half, and of the others evenly many over time. */
export function chosenOf(observations: readonly Observation[], most: number): readonly Observation[] {
  if (observations.length <= most) return observations;
  const ranked = observations
    .map((_, i) => i)
    .sort((a, b) => rewardOf(observations, b) - rewardOf(observations, a) || a - b);
  const kept = new Set(ranked.slice(0, Math.floor(most / 2)));
  const rest = observations.map((_, i) => i).filter((i) => !kept.has(i));
  const wanted = most - kept.size;
  for (let k = 0; k < wanted; k++) kept.add(rest[Math.floor(((k + 0.5) * rest.length) / wanted)] ?? 0);
  return observations.filter((_, i) => kept.has(i));
}

function rewardOf(observations: readonly Observation[], i: number): number {
  return observations[i]?.reward ?? -Infinity;
}

export function dataOf(
  observations: readonly Observation[],
  coordinates: Coordinates,
  full: number,
  options: GpOptions,
): Data {
  const inputs = inputsOf(observations, coordinates, full);
  const rewards = Float64Array.from(observations, ({ reward }) => reward);
  return { inputs, y: warped(rewards, options) };
}

export function inputsOf(
  places: readonly { readonly unit: readonly number[]; readonly fidelity: number }[],
  coordinates: Coordinates,
  full: number,
): Inputs {
  const d = coordinates.count;
  const x = new Float64Array(places.length * d);
  places.forEach(({ unit }, row) => x.set(coordinates.of(unit), row * d));
  return { d, n: places.length, x, z: Float64Array.from(places, ({ fidelity }) => fidelity / full) };
}

function warped(rewards: Float64Array, { warp }: GpOptions): Float64Array {
  let values = standardise(rewards).values;
  if (warp === 'half' || warp === 'both') values = standardise(halfRank(values)).values;
  if (warp === 'power' || warp === 'both') {
    const power = fitPower(values);
    values = standardise(values.map((value) => yeoJohnson(value, power))).values;
  }
  return values;
}

function halfRank(values: Float64Array): Float64Array {
  const n = values.length;
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  const sorted = order.map((i) => values[i]!);
  const median = n % 2 ? sorted[(n - 1) / 2]! : 0.5 * (sorted[n / 2 - 1]! + sorted[n / 2]!);
  const good = sorted.filter((v) => v >= median);
  const scale = Math.sqrt(good.reduce((s, v) => s + (v - median) ** 2, 0) / good.length);
  if (!(scale > 0)) return values;
  const out = values.slice();
  order.forEach((i, rank) => {
    if (values[i]! >= median) return;
    out[i] = Math.max(median + scale * normalQuantile((rank + 0.5) / n), values[i]!);
  });
  return out;
}

function normalQuantile(p: number): number {
  // Bisection on an error function is not needed: Acklam-like logistic start, Newton steps.
  let [low, high] = [-9, 9];
  for (let k = 0; k < 60; k++) {
    const mid = (low + high) / 2;
    if (cdf(mid) < p) low = mid;
    else high = mid;
  }
  return (low + high) / 2;
}

function cdf(u: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(u));
  const tail =
    Math.exp(-0.5 * u * u) *
    0.3989422804014327 *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return u > 0 ? 1 - tail : tail;
}
