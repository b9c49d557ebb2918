/** A profile as times by operator: of events written by hand, and of one that onnxruntime writes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linear, startEngine } from '@layerwise/engine';
import type * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { operationsOf, profileOf, type ProfileEvent } from '../src/onnxruntime-profile.mjs';
import { medianProfile, profileTables } from '../src/parts/profile.mjs';
import { profileIn } from '../src/profile-folder.mjs';

const float = (...shapes: number[][]) => shapes.map((shape) => ({ float: shape }));

function node(op: string, ts: number, dur: number, inputs: number[][], output: number[]): ProfileEvent {
  const args = { op_name: op, input_type_shape: float(...inputs), output_type_shape: float(output) };
  return { cat: 'Node', name: `${op}_kernel_time`, ts, dur, args };
}
const session = (name: string, ts: number, dur: number): ProfileEvent => ({ cat: 'Session', name, ts, dur });
const add = (ts: number, dur: number) => node('Add', ts, dur, [[4], [4]], [4]);
const product = (ts: number, dur: number) => node('Gemm', ts, dur, [[10, 20], [30, 20], [30]], [10, 30]);

const events = [
  session('session_initialization', 0, 900),
  session('model_run', 1000, 9000),
  product(1100, 8000),
  session('SequentialExecutor::Execute', 20_000, 5000),
  session('model_run', 20_000, 5000),
  product(20_100, 2000),
  add(22_100, 1000),
  add(23_100, 1000),
  // onnxruntime writes a run after its operators.
  product(30_100, 4000),
  add(34_100, 3000),
  session('model_run', 30_000, 8000),
];

describe('profileOf', () => {
  it('takes the median of runs, the first ones left out', () => {
    const { runs, runMs, operators, products } = profileOf(events, 1);
    expect({ runs, runMs }).toEqual({ runs: 2, runMs: 6.5 });
    expect(operators).toEqual([
      { name: 'Gemm', calls: 1, ms: 3, operations: 12_000 },
      { name: 'Add', calls: 1.5, ms: 2.5, operations: 0 },
    ]);
    expect(products).toEqual([{ name: 'Gemm 10×20 · 30×20 → 10×30', calls: 1, ms: 3, operations: 12_000 }]);
  });

  it('refuses a profile without a run', () => {
    expect(() => profileOf(events, 3)).toThrow('The profile holds no run after the first 3.');
  });
});

describe('operationsOf', () => {
  const of = (op: string, inputs: number[][], output: number[]) =>
    operationsOf(node(op, 0, 1, inputs, output));

  it('is twice rows, columns and inner size, whatever is transposed', () => {
    expect(
      of(
        'Gemm',
        [
          [10, 20],
          [20, 30],
        ],
        [10, 30],
      ),
    ).toBe(12_000);
    expect(
      of(
        'Gemm',
        [
          [20, 10],
          [20, 30],
        ],
        [10, 30],
      ),
    ).toBe(12_000);
    expect(
      of(
        'MatMul',
        [
          [10, 20],
          [20, 30],
        ],
        [10, 30],
      ),
    ).toBe(12_000);
  });

  it('is that of each head of each text, where rows lie time first', () => {
    // [time, texts, heads, width] twice gives [texts, heads, time, time].
    expect(
      of(
        'FusedMatMul',
        [
          [64, 16, 2, 32],
          [64, 16, 2, 32],
        ],
        [16, 2, 64, 64],
      ),
    ).toBe(2 * 32 * 64 * 64 * 32);
    expect(
      of(
        'FusedMatMul',
        [
          [16, 2, 64, 64],
          [64, 16, 2, 32],
        ],
        [16, 2, 64, 32],
      ),
    ).toBe(2 * 32 * 64 * 64 * 32);
  });

  it('is that of each matrix, where the other factor is one for all', () => {
    expect(
      of(
        'MatMul',
        [
          [5, 10, 20],
          [20, 30],
        ],
        [5, 10, 30],
      ),
    ).toBe(60_000);
    expect(
      of(
        'MatMul',
        [
          [10, 20],
          [5, 20, 30],
        ],
        [5, 10, 30],
      ),
    ).toBe(60_000);
  });

  it('is none of what is no product', () => {
    expect(
      of(
        'Mul',
        [
          [10, 20],
          [10, 20],
        ],
        [10, 20],
      ),
    ).toBe(0);
  });
});

describe('the profile of onnxruntime', () => {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-profile-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has every run with its product', async () => {
    const engine = await startEngine('onnxruntime', { profile: folder });
    const executable = await engine.compile(
      {
        name: 'a product',
        inputs: [{ name: 'x', shape: [3, 4], type: 'float32' }],
        parameters: [
          { name: 'weight', shape: [5, 4], type: 'float32' },
          { name: 'bias', shape: [5], type: 'float32' },
        ],
        gradientsOf: [],
        compute: ({ x, weight, bias }) => ({
          y: linear(x as tf.Tensor2D, weight as tf.Tensor2D, bias as tf.Tensor1D),
        }),
      },
      { fixedFeeds: {}, fixedResults: {} },
    );
    const ones = (...shape: number[]) => ({
      data: new Float32Array(shape.reduce((a, b) => a * b)).fill(1),
      shape,
    });
    for (let run = 0; run < 3; run++)
      await executable.run({ x: ones(3, 4), weight: ones(5, 4), bias: ones(5) }, {});
    await executable.dispose();
    const { runs, runMs, products } = profileIn(folder, 1);
    expect(runs).toBe(2);
    expect(products.map(({ calls, operations }) => [calls, operations])).toEqual([[1, 2 * 3 * 4 * 5]]);
    expect(runMs).toBeGreaterThanOrEqual(products[0]!.ms);
  });
});

describe('the table of a profile', () => {
  const one = {
    medianMs: 10,
    updateMs: 1,
    runMs: 8,
    operators: [
      { name: 'Gemm', calls: 2, ms: 5, operations: 1e9 },
      { name: 'Add', calls: 4, ms: 2, operations: 0 },
    ],
    products: [{ name: 'Gemm 1×1', calls: 2, ms: 5, operations: 1e9 }],
  };

  it('adds up to the step', () => {
    const [operators, products] = profileTables('2 × 128', one, 400);
    // 1e9 operations in 5 ms are 200 GFLOP/s, half of what the machine reaches.
    expect(operators?.rows).toEqual([
      ['Gemm', 2, 5, 50, 200, 50],
      ['Add', 4, 2, 20, null, null],
      ['onnxruntime between operators', null, 1, 10, null, null],
      ['update', null, 1, 10, null, null],
      ['batch, embeddings, dropout masks, copies', null, 1, 10, null, null],
    ]);
    expect(products?.rows.at(-1)).toEqual(['all products', 2, 5, 50, 200, 50]);
  });

  it('sums what is below its first rows', () => {
    const operators = Array.from({ length: 20 }, (_, place) => ({
      name: `Op${place}`,
      calls: 1,
      ms: 0.2,
      operations: 0,
    }));
    const rows = profileTables('2 × 128', { ...one, operators }, 400)[0]?.rows ?? [];
    expect(rows[14]?.slice(0, 2)).toEqual(['6 others', 6]);
    expect(rows[14]?.[2]).toBeCloseTo(1.2, 12);
  });

  it('is of medians over runs', () => {
    const slow = { ...one, medianMs: 30, operators: [{ name: 'Gemm', calls: 2, ms: 25, operations: 1e9 }] };
    const { medianMs, operators } = medianProfile([one, slow, { ...slow, medianMs: 40 }]);
    expect(medianMs).toBe(30);
    expect(operators).toEqual([
      { name: 'Gemm', calls: 2, ms: 25, operations: 1e9 },
      { name: 'Add', calls: 0, ms: 0, operations: 0 },
    ]);
  });
});
