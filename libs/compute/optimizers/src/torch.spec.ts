// Both optimisers against PyTorch's numbers (tools/reference/optimizers.py wrote fixtures/optimizers.json):
// three tensors in three groups, one of rate 0, gradients from 1e-9 to 2; plain, clipped by global norm,
// accumulated, with a penalty.
import { readFileSync } from 'node:fs';

import { createFlatMemory, layOut, viewOf, type Layout } from '@layerwise/engine';
import { describe, expect, it } from 'vitest';

import {
  clipFactor,
  createFusedOptimizer,
  createGradientAccumulator,
  namedState,
  optimizerFloats,
  type FusedOptimizer,
} from './fused.js';
import type { OptimizerName, ScheduleName } from './names.js';
import { recipes } from './recipes.js';
import { referenceOptimizer } from '../test/reference.js';
import { scheduleFactor } from './schedule.js';

type Named = Record<string, number[]>;
interface Run {
  after: Named[];
  state: Named;
  norms: number[];
}
type Runs = Record<OptimizerName, Run>;
interface Expected {
  shapes: Record<string, number[]>;
  rates: Record<string, number>;
  maxNorm: number;
  initial: Named;
  gradients: Named[];
  plain: Runs;
  clipped: Runs;
  accumulated: Runs;
  coefficient: number;
  anchor: Named;
  fisher: Named;
  pulled: Runs;
  pulledEvenly: Runs;
  schedules: ({ total: number; warmup: number } & Record<'cosine' | 'linear' | 'constant', number[]>)[];
}

const file = new URL('../fixtures/optimizers.json', import.meta.url);
const expected = JSON.parse(readFileSync(file, 'utf8')) as Expected;
const names = Object.keys(expected.shapes);
const rates = names.map((name) => expected.rates[name] ?? Number.NaN);
const layout = layOut(names.map((name, group) => ({ name, shape: expected.shapes[name] ?? [], group })));
const optimizerNames = Object.keys(recipes) as OptimizerName[];

/** Relative distance of arrays: norm of the difference over norm of the expected. */
function distance(actual: Iterable<number>, wanted: readonly number[]): number {
  const values = [...actual];
  expect(values.length).toBe(wanted.length);
  const norm = (x: readonly number[]): number => Math.hypot(...x);
  return norm(values.map((x, i) => x - (wanted[i] ?? Number.NaN))) / Math.max(norm(wanted), 1e-30);
}

/** How far a movement (after - initial) is from PyTorch's, in units of the movement. */
function movementError(actual: Float32Array, wanted: readonly number[], initial: readonly number[]): number {
  const moved = (x: ArrayLike<number>): number[] =>
    Array.from(x, (value, i) => value - (initial[i] ?? Number.NaN));
  return distance(moved(actual), moved(wanted));
}

function put(region: Float32Array, named: Named, of: Layout = layout): void {
  for (const name of names) viewOf(region, of, name).set(named[name] ?? []);
}

function expectAfter(parameters: Float32Array, after: Named | undefined): void {
  for (const name of names) {
    const view = viewOf(parameters, layout, name);
    const [wanted, initial] = [after?.[name] ?? [], expected.initial[name] ?? []];
    if (expected.rates[name] === 0) expect([...view]).toEqual(wanted);
    else expect(movementError(view, wanted, initial)).toBeLessThan(1e-5);
  }
}

function expectState(optimizer: FusedOptimizer, state: Named): void {
  const stored = namedState(optimizer, layout);
  expect([...stored.keys()].sort()).toEqual(Object.keys(state).sort());
  for (const [name, array] of stored) expect(distance(array, state[name] ?? [])).toBeLessThan(3e-7);
}

function fused(name: OptimizerName, accumulate = false) {
  const recipe = recipes[name];
  const sums = accumulate ? [layout.length] : [];
  const memory = createFlatMemory([
    layout.length,
    layout.length,
    ...[...sums, layout.length, layout.length],
    ...optimizerFloats(recipe, layout),
  ]);
  const parameters = memory.allocate(layout.length);
  const gradients = memory.allocate(layout.length);
  const accumulator = accumulate ? createGradientAccumulator(memory, gradients) : undefined;
  const input = { recipe, memory, layout, parameters, gradients: accumulator?.sum ?? gradients };
  const [anchor, coefficients] = [memory.allocate(layout.length), memory.allocate(layout.length)];
  put(parameters.floats, expected.initial);
  put(anchor.floats, expected.anchor);
  put(coefficients.floats, expected.fisher);
  return {
    parameters,
    gradients,
    accumulator,
    anchor,
    coefficients,
    optimizer: createFusedOptimizer(input),
  };
}

describe.each(optimizerNames)('%s as PyTorch computes it', (name) => {
  it('in plain TypeScript, one tensor at a time', () => {
    const { init, update } = referenceOptimizer(recipes[name]);
    for (const tensor of names) {
      const initial = expected.initial[tensor] ?? [];
      let trained = { parameters: Float32Array.from(initial), state: init(initial.length) };
      expected.gradients.forEach((gradients, i) => {
        const settings = { step: i + 1, rate: expected.rates[tensor] ?? Number.NaN, gradientScale: 1 };
        trained = update(trained, Float32Array.from(gradients[tensor] ?? []), settings);
        const wanted = expected.plain[name].after[i]?.[tensor] ?? [];
        if (settings.rate === 0) expect([...trained.parameters]).toEqual(wanted);
        else expect(movementError(trained.parameters, wanted, initial)).toBeLessThan(1e-5);
      });
    }
  });

  it('fused, every group at its rate; at rate 0 the moments move and the weights do not', () => {
    const { parameters, gradients, optimizer } = fused(name);
    expected.gradients.forEach((gradient, i) => {
      put(gradients.floats, gradient);
      optimizer.update({ step: i + 1, rates });
      expectAfter(parameters.floats, expected.plain[name].after[i]);
    });
    expectState(optimizer, expected.plain[name].state);
    expect([...viewOf(parameters.floats, layout, 'b')]).toEqual(expected.initial.b);
  });

  it('with gradients clipped by their global norm', () => {
    const { parameters, gradients, optimizer } = fused(name);
    const { after, state, norms } = expected.clipped[name];
    expected.gradients.forEach((gradient, i) => {
      put(gradients.floats, gradient);
      const norm = optimizer.gradientNorm(rates);
      expect(norm / (norms[i] ?? Number.NaN)).toBeCloseTo(1, 6);
      optimizer.update({ step: i + 1, rates, gradientScale: clipFactor(norm, expected.maxNorm) });
      expectAfter(parameters.floats, after[i]);
    });
    expectState(optimizer, state);
    // Clipping had something to do, and something to leave alone.
    expect(
      norms.some((norm) => norm > expected.maxNorm) && norms.some((norm) => norm < expected.maxNorm),
    ).toBe(true);
  });

  it('with the gradients of two batches accumulated', () => {
    const { parameters, gradients, accumulator, optimizer } = fused(name, true);
    const { after, state } = expected.accumulated[name];
    after.forEach((wanted, i) => {
      accumulator?.clear();
      for (const gradient of expected.gradients.slice(2 * i, 2 * i + 2)) {
        put(gradients.floats, gradient);
        accumulator?.add();
      }
      optimizer.update({ step: i + 1, rates, gradientScale: 1 / 2 });
      expectAfter(parameters.floats, wanted);
    });
    expectState(optimizer, state);
  });
});

describe.each(optimizerNames)('%s with a quadratic penalty, as autograd has it', (name) => {
  it('with a coefficient for each weight, the penalty within what is clipped', () => {
    const { parameters, gradients, anchor, coefficients, optimizer } = fused(name);
    const { after, state, norms } = expected.pulled[name];
    expected.gradients.forEach((gradient, i) => {
      put(gradients.floats, gradient);
      const pull = { anchor, coefficients };
      const norm = optimizer.gradientNorm(rates, pull);
      expect(norm / (norms[i] ?? Number.NaN)).toBeCloseTo(1, 6);
      optimizer.update({ step: i + 1, rates, gradientScale: clipFactor(norm, expected.maxNorm), pull });
      expectAfter(parameters.floats, after[i]);
    });
    expectState(optimizer, state);
    expect(after).not.toEqual(expected.clipped[name].after);
  });

  it('with one coefficient for all', () => {
    const { parameters, gradients, anchor, optimizer } = fused(name);
    expected.gradients.forEach((gradient, i) => {
      put(gradients.floats, gradient);
      const pull = { anchor, coefficients: rates.map(() => expected.coefficient) };
      optimizer.update({ step: i + 1, rates, pull });
      expectAfter(parameters.floats, expected.pulledEvenly[name].after[i]);
    });
    expectState(optimizer, expected.pulledEvenly[name].state);
  });
});

describe('clipping', () => {
  it('multiplies by maxNorm / (norm + 1e-6), at most by 1', () => {
    expect(clipFactor(4, 1)).toBe(1 / (4 + 1e-6));
    expect(clipFactor(0.5, 1)).toBe(1);
    expect(clipFactor(0, 1)).toBe(1);
  });
});

describe.each(['linear', 'constant'] as const)(
  'the %s schedule as transformers computes it',
  (name: ScheduleName) => {
    it.each(expected.schedules)('over $total steps, $warmup of them warm-up', (schedule) => {
      const factors = Array.from({ length: schedule.total }, (_, step) =>
        scheduleFactor(name, step, schedule.total, schedule.warmup),
      );
      const wanted = schedule[name as 'linear' | 'constant'];
      factors.forEach((factor, step) => expect(factor).toBeCloseTo(wanted[step] ?? Number.NaN, 14));
    });
  },
);

describe('the cosine schedule without warm-up as transformers computes it', () => {
  it.each(expected.schedules)('over $total steps', ({ total, cosine }) => {
    cosine.forEach((factor, step) =>
      expect(scheduleFactor('cosine', step, total, 0)).toBeCloseTo(factor, 14),
    );
  });
});
