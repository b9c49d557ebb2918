/**
 * The noise of an observation, known from places that were run more than once at the same fidelity: the
 * pooled variance of their values, which is worth as much as there are values beyond the first of each place.
 */
import type { Inputs, LogNormal } from '@layerwise/gaussian-process';
import { meanOf } from '@layerwise/statistics';

/** Fewer say nothing. */
const LEAST_FREEDOM = 3;
/** Of the standardised values: less is not told from none. */
const LEAST_VARIANCE = 1e-8;

/** The belief about log s² for values y [n]; undefined where too few places were run more than once. */
export function noiseFromRepeats({ n, d, x, z }: Inputs, y: Float64Array): LogNormal | undefined {
  const places = new Map<string, number[]>();
  for (let row = 0; row < n; row++) {
    const key = `${x.subarray(row * d, (row + 1) * d).join()} ${z[row]!}`;
    places.set(key, [...(places.get(key) ?? []), y[row]!]);
  }
  let squares = 0;
  let freedom = 0;
  for (const values of places.values()) {
    const mean = meanOf(values);
    for (const value of values) squares += (value - mean) ** 2;
    freedom += values.length - 1;
  }
  if (freedom < LEAST_FREEDOM) return undefined;
  // The logarithm of a variance with so many degrees of freedom has about this deviation.
  return { mean: Math.log(Math.max(squares / freedom, LEAST_VARIANCE)), deviation: Math.sqrt(2 / freedom) };
}
