/**
 * The Gaussian-process sampler as a search sees it. What it finds on functions whose optimum is known is
 * tested in libs/checks/benchmarks.
 */
import { expect, it } from 'vitest';
import type { GpMemory } from './gp-model.js';
import { createGpSampler, gpSampler } from './gp-sampler.js';
import { randomSampler } from './random-sampler.js';
import type { History, Observation, Sampler, SamplerContext } from './sampler.js';
import type { SearchSpace } from '../space/space.js';
import { fromUnit, toUnit } from '../space/unit.js';

const cube = (d: number): SearchSpace => ({
  names: Array.from({ length: d }, (_, j) => `x${j}`),
  parameters: Array.from({ length: d }, () => ({ type: 'float', low: 0, high: 1 })),
});
const contextOf = (space: SearchSpace, changes: Partial<SamplerContext> = {}): SamplerContext => ({
  space,
  seed: 3,
  trial: 20,
  fidelities: [1],
  memory: null,
  ...changes,
});

type Reward = (unit: readonly number[]) => number;

/** The observations of a search of so many trials, with its memory as the journal gives it back. */
function search(sampler: Sampler, space: SearchSpace, trials: number, seed: number, reward: Reward) {
  const observations: Observation[] = [];
  let memory: unknown = null;
  for (let trial = 0; trial < trials; trial++) {
    const history = { observations, pending: [] };
    const proposal = sampler(history, contextOf(space, { seed, trial, memory }));
    memory = JSON.parse(JSON.stringify(proposal.memory ?? memory)) as unknown;
    const unit = toUnit(space, fromUnit(space, proposal.unit));
    observations.push({ trial, unit, fidelity: 1, reward: reward(unit) });
  }
  return observations;
}

const mixed: SearchSpace = {
  names: ['x', 'k', 'c'],
  parameters: [
    { type: 'float', low: 0, high: 1 },
    { type: 'integer', low: 1, high: 6 },
    { type: 'categorical', choices: ['a', 'b', 'c', 'd'] },
  ],
};

it('finds the best choice and whole number, and proposes what can be run', () => {
  const reward: Reward = (unit) => {
    const [x, k, c] = fromUnit(mixed, unit);
    return -((Number(x) - 0.3) ** 2) - 0.1 * Math.abs(Number(k) - 4) - (c === 'c' ? 0 : 0.3);
  };
  let late = 0;
  for (const seed of [1, 2, 3]) {
    const seen = search(gpSampler, mixed, 30, seed, reward);
    const best = seen.reduce((a, b) => (b.reward > a.reward ? b : a));
    expect(fromUnit(mixed, best.unit).slice(1)).toEqual([4, 'c']);
    expect(best.reward).toBeGreaterThan(-1e-3);
    late += seen.slice(-10).filter(({ unit }) => fromUnit(mixed, unit)[2] === 'c').length;
  }
  // Of the 30 last trials chance would give 7.5 the best choice.
  expect(late).toBeGreaterThan(14);
  const history = { observations: search(gpSampler, mixed, 12, 4, reward), pending: [] };
  const { unit } = gpSampler(history, contextOf(mixed));
  expect(toUnit(mixed, fromUnit(mixed, unit)).slice(1)).toEqual(unit.slice(1));
});

const bowl: Reward = (u) => -u.reduce((sum, x) => sum + (x - 0.37) ** 2, 0);
const seen = search(randomSampler, cube(3), 20, 5, bowl);

it('needs nothing but history, key and memory, which is JSON', () => {
  const history: History = { observations: seen, pending: [] };
  const first = gpSampler(history, contextOf(cube(3)));
  expect(first.origin).toBe('gp');
  expect(gpSampler(history, contextOf(cube(3)))).toEqual(first);
  expect(JSON.parse(JSON.stringify(first.memory))).toEqual(first.memory);
  expect(gpSampler(history, contextOf(cube(3), { seed: 4 })).unit).not.toEqual(first.unit);
});

it('sends no second worker to where one is', () => {
  const distance = (a: readonly number[], b: readonly number[]): number =>
    Math.hypot(...a.map((value, i) => value - b[i]!));
  const next = (pending: readonly (readonly number[])[]): readonly number[] => {
    const under = pending.map((unit, i) => ({ trial: 50 + i, unit, fidelity: 1 }));
    return gpSampler({ observations: seen, pending: under }, contextOf(cube(3))).unit;
  };
  const one = next([]);
  const two = next([one]);
  const three = next([one, two]);
  expect(distance(one, two)).toBeGreaterThan(0.03);
  expect(distance(one, three)).toBeGreaterThan(0.03);
  expect(distance(two, three)).toBeGreaterThan(0.03);
});

it('sees through a rung that misleads, once some trials were run to the end', () => {
  // At the lowest rung the highest x looks best; at the end the lowest does.
  const space = cube(1);
  const fidelities = [1, 3, 9];
  const low = Array.from({ length: 12 }, (_, i): Observation => {
    const x = (i + 0.5) / 12;
    return { trial: i, unit: [x], fidelity: 1, reward: x };
  });
  const high = [1, 5, 10].map((i): Observation => ({
    ...low[i]!,
    fidelity: 9,
    reward: -2 * low[i]!.unit[0]!,
  }));
  const context = contextOf(space, { fidelities });
  const before = gpSampler.opinion!({ observations: low, pending: [] }, context);
  const after = gpSampler.opinion!({ observations: [...low, ...high], pending: [] }, context);
  expect(before([0.9])).toBeGreaterThan(before([0.2]));
  expect(after([0.9])).toBeLessThan(after([0.2]));
  expect(createGpSampler({ promoteByModel: false }).opinion).toBeUndefined();
});

it('fits anew as its schedule says, and keeps to the last fit between', () => {
  const many = search(randomSampler, cube(2), 120, 6, bowl);
  const propose = (count: number, memory: GpMemory | null): GpMemory =>
    gpSampler({ observations: many.slice(0, count), pending: [] }, contextOf(cube(2), { memory }))
      .memory as GpMemory;
  const at50 = propose(50, null);
  expect(at50.observations).toBe(50);
  // Up to 60 observations always, afterwards at a tenth more.
  expect(propose(51, at50).observations).toBe(51);
  const at100 = propose(100, at50);
  expect(at100.observations).toBe(100);
  expect(propose(109, at100)).toEqual(at100);
  expect(propose(110, at100).observations).toBe(110);
  // A memory of other hyperparameters (there were no fidelities yet) is not taken.
  const lower = many.map((one, i) => ({ ...one, fidelity: i % 2 === 0 ? 1 : 9 }));
  const context = contextOf(cube(2), { memory: at100, fidelities: [1, 9] });
  const other = gpSampler({ observations: lower.slice(0, 101), pending: [] }, context).memory as GpMemory;
  expect(other.observations).toBe(101);
  expect(other.logs.length).toBe(at100.logs.length + 3);
});

it('starts with the middle, then with Sobol points', () => {
  const first = (trial: number, sampler = gpSampler): readonly number[] =>
    sampler({ observations: seen.slice(0, trial), pending: [] }, contextOf(cube(3), { trial })).unit;
  expect(first(0)).toEqual([0.5, 0.5, 0.5]);
  expect(first(0, createGpSampler({ middleFirst: false }))).not.toEqual([0.5, 0.5, 0.5]);
  expect(gpSampler({ observations: seen, pending: [] }, contextOf(cube(3), { trial: 7 })).origin).toBe(
    'sobol',
  );
});
