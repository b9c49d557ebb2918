/** The parts of the Gaussian-process sampler that can be worked out by hand. */
import { expect, it } from 'vitest';
import { coordinatesOf } from './gp-coordinates.js';
import { chosenOf, inputsOf, valuesOf } from './gp-data.js';
import { noiseFromRepeats } from './gp-noise.js';
import { regionLength, withinRegion } from './gp-trust-region.js';
import type { Observation } from './sampler.js';
import type { SearchSpace } from '../space/space.js';

const space: SearchSpace = {
  names: ['x', 'k', 'c'],
  parameters: [
    { type: 'float', low: -1, high: 1 },
    { type: 'integer', low: 1, high: 4 },
    { type: 'categorical', choices: ['a', 'b', 'c'] },
  ],
};
const observed = (rewards: readonly number[], fidelity = 1): Observation[] =>
  rewards.map((reward, trial) => ({ trial, unit: [trial / rewards.length], fidelity, reward }));

it('sees choices as corners that are 1 apart, whole numbers in the middle of their bins', () => {
  const { count, of, back, boxAt } = coordinatesOf(space);
  expect(count).toBe(5);
  const place = of([0.123, 0.3, 0.4]);
  expect([...place]).toEqual([0.123, 0.375, 0, Math.SQRT1_2, 0]);
  expect(back(place)).toEqual([0.123, 0.375, 0.5]);
  expect(Math.hypot(...of([0.123, 0.3, 0.9]).map((value, i) => value - place[i]!))).toBeCloseTo(1, 14);
  // Places of the same choice are one place.
  expect(of([0.123, 0.49, 0.65])).toEqual(place);
  const { low, high } = boxAt(place);
  expect([...low]).toEqual([0, 0.375, 0, Math.SQRT1_2, 0]);
  expect([...high]).toEqual([1, 0.375, 0, Math.SQRT1_2, 0]);
});

it('tells fidelities from 0 at the lowest rung to 1 at the full one', () => {
  const line = coordinatesOf({ names: ['x'], parameters: [{ type: 'float', low: 0, high: 1 }] });
  const places = [1, 3, 9].map((fidelity) => ({ unit: [0.5], fidelity }));
  expect([...inputsOf(places, line, [1, 3, 9]).z]).toEqual([0, 0.25, 1]);
  expect([...inputsOf(places.slice(2), line, [9]).z]).toEqual([1]);
});

it('draws outliers in, and leaves the order of rewards as it is', () => {
  const rewards = [0.1, 0.2, 0.3, 0.4, -1e9];
  const values = valuesOf(observed(rewards), true);
  expect(values[0]!).toBeLessThan(values[1]!);
  expect(values[2]!).toBeLessThan(values[3]!);
  // The good ones still differ: without the limit they would by 1e-9.
  expect(values[3]! - values[0]!).toBeGreaterThan(0.05);
  const sum = values.reduce((total, value) => total + value, 0);
  expect(sum).toBeCloseTo(0, 12);
  expect([...valuesOf(observed([2, 2, 2]), true)]).toEqual([0, 0, 0]);
});

it('keeps the best half and evenly many of the others, in their order', () => {
  const all = observed(Array.from({ length: 40 }, (_, i) => (i * 7) % 40));
  const chosen = chosenOf(all, 10);
  expect(chosen.length).toBe(10);
  for (const reward of [39, 38, 37, 36, 35]) expect(chosen.map((one) => one.reward)).toContain(reward);
  expect([...chosen].sort((a, b) => a.trial - b.trial)).toEqual(chosen);
  const others = chosen.filter(({ reward }) => reward < 35).map(({ trial }) => Math.floor(trial / 8));
  expect(others).toEqual([0, 1, 2, 3, 4]);
  expect(chosenOf(all, 40)).toEqual(all);
});

it('pools the variance of places that were run more than once', () => {
  const inputs = {
    d: 1,
    n: 7,
    x: Float64Array.from([0.1, 0.1, 0.1, 0.5, 0.5, 0.9, 0.1]),
    z: Float64Array.from([1, 1, 1, 1, 1, 1, 0]),
  };
  const y = Float64Array.from([1, 2, 3, 0, 2, 9, 100]);
  // Squares 2 and 2 with 2 + 1 degrees of freedom; the place alone and the one of another fidelity say
  // nothing.
  const noise = noiseFromRepeats(inputs, y)!;
  expect(noise.mean).toBeCloseTo(Math.log(4 / 3), 12);
  expect(noise.deviation).toBeCloseTo(Math.sqrt(2 / 3), 12);
  expect(noiseFromRepeats({ ...inputs, x: inputs.x.map((_, i) => i) }, y)).toBeUndefined();
});

it('doubles a trust region after three improvements, halves it after as many failures as dimensions', () => {
  const rising = [0, 1, 2, 3];
  expect(regionLength(observed([0]), 4, 1)).toBe(0.8);
  expect(regionLength(observed(rising), 4, 1)).toBe(1.6);
  expect(regionLength(observed([0, -1, -1, -1, -1]), 4, 1)).toBe(0.4);
  expect(regionLength(observed([0, -1, -1, -1, 1, -1]), 4, 1)).toBe(0.8);
  const box = { low: Float64Array.from([0, 0]), high: Float64Array.from([1, 1]) };
  const { low, high } = withinRegion(box, Float64Array.from([0.5, 0.9]), 0.4, Float64Array.from([1, 4]));
  // Sides 0.4·ℓ/√(1·4): 0.2 and 0.8.
  [0.4, 0.5].forEach((value, i) => expect(low[i]).toBeCloseTo(value, 12));
  [0.6, 1].forEach((value, i) => expect(high[i]).toBeCloseTo(value, 12));
});
