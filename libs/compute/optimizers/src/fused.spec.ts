// The fused optimiser against the plain one, bit for bit, over random layouts, groups and steps; what it
// leaves alone; its state by name; its kernels as compiled.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { createFlatMemory, layOut, viewOf, type Layout } from '@layerwise/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  createFusedOptimizer,
  createGradientAccumulator,
  loadSquares,
  namedState,
  optimizerFloats,
} from './fused.js';
import type { OptimizerName } from './names.js';
import { recipes, type OptimizerRecipe } from './recipes.js';
import { pulledGradients, referenceOptimizer, type Trained } from '../test/reference.js';

function noise(length: number, seed: number): Float32Array<ArrayBuffer> {
  // Magnitudes from 1e-30 to 1e2: sums that round, moments that flush to zero.
  return Float32Array.from(
    { length },
    (_, i) => Math.sin(i * 12.9898 + seed * 78.233) * 10 ** (((i * 7 + seed) % 33) - 30),
  );
}

function prepare(recipe: OptimizerRecipe, layout: Layout) {
  const { length } = layout;
  const memory = createFlatMemory([length, length, length, length, ...optimizerFloats(recipe, layout)]);
  const [parameters, gradients] = [memory.allocate(length), memory.allocate(length)];
  const [anchor, coefficients] = [memory.allocate(length), memory.allocate(length)];
  const optimizer = createFusedOptimizer({ recipe, memory, layout, parameters, gradients });
  return {
    memory,
    parameters: parameters.floats,
    gradients: gradients.floats,
    anchor,
    coefficients,
    optimizer,
  };
}

function bytes(array: Float32Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

const names = Object.keys(recipes) as OptimizerName[];
const shapes = fc.array(fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 0, max: 2 })), {
  minLength: 1,
  maxLength: 8,
});
const plans = fc.record({
  tensors: shapes,
  rates: fc.tuple(...[1, 2, 3].map(() => fc.constantFrom(null, 0, 1e-7, 3e-4, 0.1))),
  gradientScale: fc.constantFrom(1, 0.25, 0.123),
  pull: fc.constantFrom('none', 'one coefficient a group', 'one coefficient a weight'),
});

describe.each(names)('the fused %s', (name) => {
  it('equals the plain one bit for bit, gaps stay zero, a group without a rate is left alone', () => {
    const recipe = recipes[name];
    const plain = referenceOptimizer(recipe);
    fc.assert(
      fc.property(plans, ({ tensors, rates, gradientScale, pull: kind }) => {
        const layout = layOut(
          tensors.map(([length, group], i) => ({ name: `t${i}`, shape: [length], group })),
        );
        const { parameters, gradients, anchor, coefficients, optimizer } = prepare(recipe, layout);
        const ofGroups = [0, 0.5, 3e-3];
        const pull =
          kind === 'none'
            ? null
            : { anchor, coefficients: kind === 'one coefficient a group' ? ofGroups : coefficients };
        const trained = new Map<string, Trained>();
        for (const place of layout.places) {
          const initial = noise(place.length, place.offset);
          viewOf(parameters, layout, place.name).set(initial);
          viewOf(anchor.floats, layout, place.name).set(noise(place.length, place.offset + 5));
          viewOf(coefficients.floats, layout, place.name).set(
            noise(place.length, place.offset + 9).map(Math.abs),
          );
          trained.set(place.name, { parameters: initial, state: plain.init(place.length) });
        }
        for (let step = 1; step <= 4; step++) {
          for (const place of layout.places) {
            const gradient = noise(place.length, step * 31 + place.offset);
            viewOf(gradients, layout, place.name).set(gradient);
            const rate = rates[place.group];
            const before = trained.get(place.name);
            if (!before || rate === null || rate === undefined) continue;
            const c =
              'floats' in (pull?.coefficients ?? [])
                ? viewOf(coefficients.floats, layout, place.name)
                : (ofGroups[place.group] ?? 0);
            const pulled =
              pull === null || c === 0
                ? gradient
                : pulledGradients(gradient, before.parameters, viewOf(anchor.floats, layout, place.name), c);
            trained.set(place.name, plain.update(before, pulled, { step, rate, gradientScale }));
          }
          optimizer.update({ step, rates, gradientScale, pull });
        }
        const state = namedState(optimizer, layout);
        for (const place of layout.places) {
          const wanted = trained.get(place.name);
          expect(
            bytes(viewOf(parameters, layout, place.name)).equals(
              bytes(wanted?.parameters ?? new Float32Array()),
            ),
          ).toBe(true);
          for (const [key, array] of Object.entries(wanted?.state ?? {})) {
            const found = state.get(`${key}.${place.name}`) ?? new Float32Array();
            expect(bytes(found).equals(bytes(array))).toBe(true);
          }
        }
        const inGaps = (region: Float32Array): number[] =>
          layout.places.flatMap(({ offset, length }, i) => [
            ...region.subarray(offset + length, layout.places[i + 1]?.offset ?? layout.length),
          ]);
        for (const region of [parameters, ...Object.values(optimizer.state).map(({ floats }) => floats)]) {
          expect(inGaps(region).every((value) => value === 0)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('restores its state by name into another layout and goes on with the same bits', () => {
    const recipe = recipes[name];
    const tensors = [
      { name: 'x', shape: [9], group: 0 },
      { name: 'y', shape: [2, 20], group: 1 },
    ];
    const [layout, turned] = [layOut(tensors), layOut(tensors.toReversed())];
    const [first, second] = [prepare(recipe, layout), prepare(recipe, turned)];
    const train = ({ parameters, gradients, optimizer }: typeof first, of: Layout, step: number): void => {
      for (const place of of.places) viewOf(gradients, of, place.name).set(noise(place.length, step));
      optimizer.update({ step, rates: [1e-3, 1e-2] });
      expect(parameters.every(Number.isFinite)).toBe(true);
    };
    train(first, layout, 1);
    train(first, layout, 2);
    const stored = new Map(
      [...namedState(first.optimizer, layout)].map(([key, view]) => [key, view.slice()]),
    );
    for (const [key, view] of namedState(second.optimizer, turned)) view.set(stored.get(key) ?? []);
    for (const { name: tensor } of tensors) {
      viewOf(second.parameters, turned, tensor).set(viewOf(first.parameters, layout, tensor));
    }
    train(first, layout, 3);
    train(second, turned, 3);
    for (const { name: tensor } of tensors) {
      expect(viewOf(second.parameters, turned, tensor)).toEqual(viewOf(first.parameters, layout, tensor));
    }

    second.optimizer.reset();
    expect(Object.values(second.optimizer.state).every(({ floats }) => floats.every((x) => x === 0))).toBe(
      true,
    );
  });
});

describe('the fused kernels', () => {
  const layout = layOut([
    { name: 'x', shape: [50], group: 0 },
    { name: 'y', shape: [7], group: 1 },
  ]);

  it('are what update.c compiles to', (context) => {
    const build = join(import.meta.dirname, '../../../../tools/wasm/build.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [build, '--check', 'optimizers'], {
      encoding: 'utf8',
    });
    if (status === 3) context.skip(stdout.trim());
    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
  });

  it('write nothing but their regions: no stack, no data of their own', () => {
    const { memory, gradients, optimizer } = prepare(recipes.adam, layout);
    const below = new Uint8Array(memory.memory.buffer, 0, 65_536).fill(0xa5);
    gradients.fill(1);
    optimizer.update({ step: 1, rates: [1, 1] });
    optimizer.gradientNorm();
    expect(below.every((byte) => byte === 0xa5)).toBe(true);
  });

  it('sum squares in double precision, of the trained groups alone where rates say so', () => {
    const { gradients, optimizer } = prepare(recipes.sgd, layout);
    const [x, y] = [viewOf(gradients, layout, 'x'), viewOf(gradients, layout, 'y')];
    // In single precision 1e4² + 1 is 1e8 again.
    x.fill(1).set([1e4]);
    y.fill(2);
    expect(optimizer.gradientNorm()).toBeCloseTo(Math.sqrt(1e8 + 49 + 28), 9);
    expect(optimizer.gradientNorm([0, null])).toBeCloseTo(Math.sqrt(1e8 + 49), 9);
    expect(optimizer.gradientNorm([null, null])).toBe(0);
  });

  it('sum squares of gradients with what a pull adds', () => {
    const { parameters, gradients, anchor, coefficients, optimizer } = prepare(recipes.sgd, layout);
    viewOf(parameters, layout, 'x').fill(3);
    viewOf(anchor.floats, layout, 'x').fill(1);
    viewOf(coefficients.floats, layout, 'x').fill(4);
    viewOf(gradients, layout, 'x').fill(-7);
    // 50 times −7 + 4 (3 − 1) = 1; then −7 + 5 · 2 = 3.
    expect(optimizer.gradientNorm([0, 0], { anchor, coefficients })).toBeCloseTo(Math.sqrt(50), 9);
    expect(optimizer.gradientNorm([0, 0], { anchor, coefficients: [5, 0] })).toBeCloseTo(Math.sqrt(450), 9);
    expect(optimizer.gradientNorm([0, 0], { anchor, coefficients: [0, 5] })).toBeCloseTo(
      Math.sqrt(50 * 49),
      9,
    );
  });

  it('accumulate gradients', () => {
    const memory = createFlatMemory([32, 32]);
    const gradients = memory.allocate(32);
    const { sum, add, clear } = createGradientAccumulator(memory, gradients);
    gradients.floats.set(noise(32, 1));
    add();
    const first = gradients.floats.slice();
    gradients.floats.set(noise(32, 2));
    add();
    expect(sum.floats).toEqual(first.map((value, i) => value + gradients.floats[i]!));
    clear();
    expect(sum.floats.every((value) => value === 0)).toBe(true);
  });

  it('accumulate squares of gradients', () => {
    const memory = createFlatMemory([32, 32]);
    const [sum, gradients] = [memory.allocate(32), memory.allocate(32)];
    const addSquares = loadSquares(memory);
    gradients.floats.set(noise(32, 1));
    const wanted = gradients.floats.map((value) => Math.fround(value * value));
    addSquares(sum, gradients);
    expect(sum.floats).toEqual(wanted);
    gradients.floats.set(noise(32, 2));
    addSquares(sum, gradients);
    expect(sum.floats).toEqual(wanted.map((value, i) => value + Math.fround(gradients.floats[i]! ** 2)));
  });

  it('refuse a step 0, a group without an entry, regions of another length', () => {
    const { memory, optimizer } = prepare(recipes.adam, layout);
    expect(() => optimizer.update({ step: 0, rates: [1, 1] })).toThrow('steps count from 1');
    expect(() => optimizer.update({ step: 1, rates: [1] })).toThrow('no rate for layer group 1');
    const short = {
      byteOffset: 65_536,
      length: 16,
      floats: new Float32Array(memory.memory.buffer, 65_536, 16),
    };
    const input = { recipe: recipes.adam, memory, layout, parameters: short, gradients: short };
    expect(() => createFusedOptimizer(input)).toThrow('a region of 16 floats');
  });
});
