/**
 * What the process is fitted to: places and fidelities of the history's observations, and their rewards on a
 * scale on which a few huge losses do not hide what distinguishes the good places.
 */
import { fitPower, standardise, yeoJohnson, type Inputs } from '@layerwise/gaussian-process';
import type { Coordinates } from './gp-coordinates.js';
import type { Observation } from './sampler.js';
import { fullFidelity } from '../schedulers/hyperband.js';

/** A reward counts as no further below the median than so many times what the best lies above it. */
const FURTHEST = 30;

/** At most `most` observations: the best half of them, and of the rest evenly many over time. */
export function chosenOf(observations: readonly Observation[], most: number): readonly Observation[] {
  if (observations.length <= most) return observations;
  // Sorting keeps the order of equal ones.
  const ranked = [...observations].sort((a, b) => b.reward - a.reward);
  const kept = new Set(ranked.slice(0, Math.floor(most / 2)));
  const rest = observations.filter((one) => !kept.has(one));
  const wanted = most - kept.size;
  for (let k = 0; k < wanted; k++) kept.add(rest[Math.floor(((k + 0.5) * rest.length) / wanted)]!);
  return observations.filter((one) => kept.has(one));
}

/** Places [n, d] and fidelities [n]: 0 is the lowest rung, 1 the whole run. */
export function inputsOf(
  places: readonly Pick<Observation, 'unit' | 'fidelity'>[],
  coordinates: Coordinates,
  fidelities: readonly number[],
): Inputs {
  const d = coordinates.count;
  const x = new Float64Array(places.length * d);
  places.forEach(({ unit }, row) => x.set(coordinates.of(unit), row * d));
  const [lowest, full] = [fidelities[0]!, fullFidelity({ fidelities })];
  const z = (fidelity: number): number => (fidelity >= full ? 1 : (fidelity - lowest) / (full - lowest));
  return { d, n: places.length, x, z: Float64Array.from(places, ({ fidelity }) => z(fidelity)) };
}

/** Rewards [n] with mean 0 and variance 1, outliers drawn in, and with `power` nearly normal. */
export function valuesOf(observations: readonly Observation[], power: boolean): Float64Array {
  const { values } = standardise(withoutOutliers(observations.map(({ reward }) => reward)));
  if (!power) return values;
  const lambda = fitPower(values);
  return standardise(values.map((value) => yeoJohnson(value, lambda))).values;
}

/** A failed trial's penalty, or a diverged one's, must not become all that there is to see. */
function withoutOutliers(rewards: readonly number[]): Float64Array {
  const sorted = [...rewards].sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1]!;
  const reach = sorted.at(-1)! - median;
  const least = reach > 0 ? median - FURTHEST * reach : -Infinity;
  return Float64Array.from(rewards, (reward) => Math.max(reward, least));
}
