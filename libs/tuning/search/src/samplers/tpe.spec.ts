import { expect, it } from 'vitest';
import { drawFrom, logDensity, parzenEstimator } from './parzen.js';
import { randomSampler } from './random-sampler.js';
import { randomStream } from './random-stream.js';
import type { Observation } from './sampler.js';
import { SAMPLER_NAMES } from '../options.js';
import { samplerNamed } from './samplers.js';
import type { SearchSpace } from '../space/space.js';
import { tpeSampler } from './tpe.js';
import { fromUnit, toUnit } from '../space/unit.js';

const cube = (d: number): SearchSpace => ({
  names: Array.from({ length: d }, (_, j) => `x${j}`),
  parameters: Array.from({ length: d }, () => ({ type: 'float', low: 0, high: 1 })),
});
const mixed: SearchSpace = {
  names: ['x', 'k', 'c'],
  parameters: [
    { type: 'float', low: 0, high: 1 },
    { type: 'integer', low: 1, high: 4 },
    { type: 'categorical', choices: ['a', 'b', 'c'] },
  ],
};

it('estimates a density: its integral is 1, with points at the border too', () => {
  for (const points of [
    [[0.01]],
    [
      [0, 0.3],
      [0.9, 1],
      [0.31, 0.5],
    ],
  ]) {
    const space = cube(points[0]!.length);
    const density = parzenEstimator(
      space,
      points,
      points.map(() => 1),
    );
    const steps = 200;
    const axis = Array.from({ length: steps }, (_, i) => (i + 0.5) / steps);
    const places =
      space.names.length === 1 ? axis.map((u) => [u]) : axis.flatMap((u) => axis.map((v) => [u, v]));
    const integral =
      places.reduce((sum, place) => sum + Math.exp(logDensity(density, place)), 0) / places.length;
    expect(integral).toBeCloseTo(1, 4);
  }
});

it('gives choices a chance each, as worked out by hand', () => {
  const [, , choice] = mixed.parameters;
  const space: SearchSpace = { names: ['c'], parameters: [choice!] };
  const density = parzenEstimator(space, [[0.5]], [1]);
  // One point at b, and the prior: b has (1 − 3/5) + 1/5 of the point's half, the others 1/5; the prior gives
  // a third each.
  const chance = (u: number): number => Math.exp(logDensity(density, [u]));
  expect(chance(0.5)).toBeCloseTo(0.6 / 2 + 1 / 6, 12);
  expect(chance(0.1)).toBeCloseTo(0.2 / 2 + 1 / 6, 12);
  expect(chance(0.1) + chance(0.5) + chance(0.9)).toBeCloseTo(1, 12);
});

it('draws from the density that it tells', () => {
  const density = parzenEstimator(cube(1), [[0.1], [0.2], [0.8]], [1, 1, 1]);
  const stream = randomStream(1, 0, 'test');
  const draws = Array.from({ length: 20000 }, () => drawFrom(density, stream)[0]!);
  for (const left of [0, 0.2, 0.4, 0.6, 0.8]) {
    const wanted = Array.from({ length: 100 }, (_, i) =>
      Math.exp(logDensity(density, [left + (i + 0.5) / 500])),
    );
    const share = draws.filter((u) => u >= left && u < left + 0.2).length / draws.length;
    // Four standard errors of a share of 20,000 draws.
    expect(Math.abs(share - wanted.reduce((sum, one) => sum + one, 0) / 500)).toBeLessThan(0.014);
  }
});

const context = { space: mixed, seed: 4, trial: 40, fidelities: [1, 3, 9], memory: null };
const observe = (count: number, fidelity: number, reward: (unit: number[]) => number): Observation[] =>
  Array.from({ length: count }, (_, trial) => {
    const { unit } = randomSampler({ observations: [], pending: [] }, { ...context, trial });
    return { trial, unit: toUnit(mixed, fromUnit(mixed, unit)), fidelity, reward: reward([...unit]) };
  });
const proposals = (observations: Observation[]): readonly (readonly number[])[] =>
  Array.from(
    { length: 40 },
    (_, i) => tpeSampler({ observations, pending: [] }, { ...context, trial: 100 + i }).unit,
  );

it('learns which choice is good, and which whole number', () => {
  const seen = observe(60, 9, ([, k, c]) => Number(c! > 2 / 3) + Number(k! < 0.25));
  const good = proposals(seen).filter(([, k, c]) => c! > 2 / 3 && k! < 0.25);
  // By chance it would be one in twelve.
  expect(good.length).toBeGreaterThan(20);
});

it('looks at the highest fidelity that has ten observations', () => {
  const low = observe(40, 1, ([x]) => -Math.abs(x! - 0.1));
  const high = observe(12, 3, ([x]) => -Math.abs(x! - 0.9));
  const top = observe(3, 9, () => 1);
  const mean = (places: readonly (readonly number[])[]): number =>
    places.reduce((sum, [x]) => sum + x!, 0) / places.length;
  expect(mean(proposals([...low, ...top]))).toBeLessThan(0.4);
  expect(mean(proposals([...low, ...high, ...top]))).toBeGreaterThan(0.6);
});

it('keeps away from trials under way', () => {
  const seen = observe(30, 9, ([x]) => -Math.abs(x! - 0.5));
  const propose = (pending: { unit: readonly number[] }[]): number =>
    Array.from({ length: 40 }, (_, i) => {
      const under = pending.map(({ unit }, trial) => ({ trial, unit, fidelity: 9 }));
      const [x] = tpeSampler({ observations: seen, pending: under }, { ...context, trial: 100 + i }).unit;
      return Number(Math.abs(x! - 0.5) < 0.1);
    }).reduce((sum, near) => sum + near, 0);
  const crowd = Array.from({ length: 8 }, (_, i) => ({ unit: [0.42 + 0.02 * i, 0.375, 0.5] }));
  expect(propose(crowd)).toBeLessThan(propose([]));
});

it('starts with Sobol points, and needs nothing but the key', () => {
  const first = tpeSampler({ observations: [], pending: [] }, { ...context, trial: 0 });
  expect(first.origin).toBe('sobol');
  expect(tpeSampler({ observations: [], pending: [] }, { ...context, trial: 0 })).toEqual(first);
});

it('is found by its name', () => {
  expect(SAMPLER_NAMES).toEqual(['gp', 'tpe', 'random']);
  expect(samplerNamed('tpe')).toBe(tpeSampler);
  expect(() => samplerNamed('cmaes')).toThrow('There is no sampler cmaes: take gp, tpe, random.');
});
