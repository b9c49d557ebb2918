/**
 * Operations whose gradients are written out, against sources that are not tfjs: their formulas in plain
 * float64 with gradients by central differences, and PyTorch's activations (tools/reference/activations.py).
 */
import { readFileSync } from 'node:fs';
import type * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  ACTIVATIONS,
  gradientName,
  startEngine,
  type ActivationName,
  type EngineName,
} from '../../src/index.js';
import { caseFeeds, caseProgram, SIZES, type Case, type Sizes } from './case.js';
import { OPERATION_CASES, operationCase } from './operation-cases.js';
import { expectClose } from './suite.js';

type Numbers = readonly number[];
type Feeds = Readonly<Record<string, Numbers>>;
type Formula = (feeds: Feeds, sizes: Sizes) => number[];

const ENGINES: readonly EngineName[] = ['onnxruntime', 'tfjs-cpu'];
const OPTIONS = { fixedFeeds: {}, fixedResults: {} };

/** Numbers 0 … count − 1. */
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const sum = (values: Numbers): number => values.reduce((total, value) => total + value, 0);
const row = (matrix: Numbers, width: number, i: number): number[] => matrix.slice(i * width, (i + 1) * width);

const linear: Formula = ({ x, weight, bias }, { n }) =>
  range(n).flatMap((i) =>
    range(5).map((o) => bias![o]! + sum(range(3).map((k) => x![i * 3 + k]! * weight![o * 3 + k]!))),
  );

/** The error function by its power series, which cancels where the function is ±1. */
const erf = (x: number): number => {
  if (Math.abs(x) > 5) return Math.sign(x);
  let [sum, term] = [x, x];
  for (let k = 1; Math.abs(term) > 1e-18; k++) {
    term *= -(x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
};

const geluLayers: Formula = ({ x, w1, b1, w2, b2 }, { n }) =>
  range(n).flatMap((i) => {
    const inner = range(6).map((o) => {
      const z = b1![o]! + sum(range(3).map((k) => 0.5 * x![i * 3 + k]! * w1![o * 3 + k]!));
      return (z / 2) * (1 + erf(z / Math.SQRT2));
    });
    return range(4).map((o) => b2![o]! + sum(inner.map((value, k) => value * w2![o * 6 + k]!)));
  });

const layerNorm: Formula = ({ x, gain, bias }, { n }) =>
  range(n).flatMap((i) => {
    const values = row(x!, 6, i);
    const mean = sum(values) / 6;
    const variance = sum(values.map((value) => (value - mean) ** 2)) / 6;
    return values.map((value, k) => (gain![k]! * (value - mean)) / Math.sqrt(variance + 1e-3) + bias![k]!);
  });

const crossEntropy: Formula = ({ logits, targets }, { n }) => [
  sum(
    range(n).map((i) => {
      const scores = row(logits!, 4, i);
      const logOfSum = Math.log(sum(scores.map(Math.exp)));
      return sum(row(targets!, 4, i).map((weight, c) => weight * (logOfSum - scores[c]!)));
    }),
  ),
];

/** out[b, h, i, j] = 0.7 Σ_k A[b, h, i, k] B[b, h, k, j], whichever way a and b lie. */
const headProduct =
  (timeA: boolean, transposeA: boolean, timeB: boolean, transposeB: boolean): Formula =>
  ({ a, b }, { n, m }) => {
    // Entry [text, head, r, c] of the tensor as stored [n, 2, R, C], or [R, n, 2, C] time-major.
    const at = (x: Numbers, isTime: boolean, [R, C]: Numbers, [t, h, r, c]: Numbers): number =>
      isTime ? x[((r! * n + t!) * 2 + h!) * C! + c!]! : x[((t! * 2 + h!) * R! + r!) * C! + c!]!;
    const left = (t: number, h: number, i: number, k: number): number =>
      transposeA ? at(a!, timeA, [4, m], [t, h, k, i]) : at(a!, timeA, [m, 4], [t, h, i, k]);
    const right = (t: number, h: number, k: number, j: number): number =>
      transposeB ? at(b!, timeB, [3, 4], [t, h, j, k]) : at(b!, timeB, [4, 3], [t, h, k, j]);
    return range(n).flatMap((t) =>
      range(2).flatMap((h) =>
        range(m).flatMap((i) =>
          range(3).map((j) => 0.7 * sum(range(4).map((k) => left(t, h, i, k) * right(t, h, k, j)))),
        ),
      ),
    );
  };

const FORMULAS: Readonly<Record<string, Formula>> = {
  linear,
  geluLayers,
  layerNorm,
  crossEntropy,
  ...Object.fromEntries(
    OPERATION_CASES.filter(({ name }) => name.startsWith('headProduct ')).map(({ name }) => {
      const [timeA, transposeA, timeB, transposeB] = Array.from(name.slice(-4), (mark) => mark === 'T');
      return [name, headProduct(timeA!, transposeA!, timeB!, transposeB!)] as const;
    }),
  ),
};

/** d Σ f ∘ weights / dx by central differences, in float64. */
function numericGradient(formula: Formula, feeds: Feeds, sizes: Sizes, input: string): number[] {
  const loss = (changed: Numbers): number => {
    const result = formula({ ...feeds, [input]: changed }, sizes);
    return sum(result.map((value, i) => value * feeds['weights']![i]!));
  };
  const step = 1e-5;
  const x = feeds[input]!;
  return x.map((value, i) => (loss(x.with(i, value + step)) - loss(x.with(i, value - step))) / (2 * step));
}

describe.each(ENGINES)('%s', (engineName) => {
  it.each(Object.entries(FORMULAS))('computes %s and its gradient by the formula', async (name, formula) => {
    const testCase: Case = operationCase(name);
    const program = caseProgram(testCase);
    const executable = await (await startEngine(engineName)).compile(program, OPTIONS);
    for (const sizes of SIZES) {
      const bindings = caseFeeds(testCase, sizes);
      const feeds = Object.fromEntries(Object.entries(bindings).map(([key, { data }]) => [key, [...data]]));
      const found = await executable.run(bindings, {});
      expectClose('result', found['result']!, formula(feeds, sizes));
      for (const input of program.gradientsOf.filter((tensor) => tensor !== 'targets')) {
        expectClose(input, found[gradientName(input)]!, numericGradient(formula, feeds, sizes, input));
      }
    }
    await executable.dispose();
  });

  it('gives targets of a cross-entropy no gradient: they are data', async () => {
    const testCase = operationCase('crossEntropy');
    const executable = await (await startEngine(engineName)).compile(caseProgram(testCase), OPTIONS);
    const found = await executable.run(caseFeeds(testCase, SIZES[0]), {});
    expect([...found[gradientName('targets')]!]).toEqual(new Array(SIZES[0].n * 4).fill(0));
    await executable.dispose();
  });

  it('keeps a cross-entropy finite where logits lie far apart', async () => {
    const testCase = operationCase('crossEntropy');
    const executable = await (await startEngine(engineName)).compile(caseProgram(testCase), OPTIONS);
    const shape = [2, 4];
    const feeds = {
      logits: { data: Float32Array.of(500, 0, 0, 0, -500, -500, -500, -500), shape },
      targets: { data: Float32Array.of(0, 0.5, 0, 0, 0.5, 0, 0, 0), shape },
      weights: { data: Float32Array.of(1), shape: [] },
    };
    const found = await executable.run(feeds, {});
    expect(found['loss']![0]).toBeCloseTo(250 + 0.5 * Math.log(4), 4);
    expectClose('gradient', found[gradientName('logits')]!, [0.5, -0.5, 0, 0, -0.375, 0.125, 0.125, 0.125]);
    await executable.dispose();
  });
});

interface Activations {
  readonly points: Numbers;
  readonly functions: Readonly<Record<string, { readonly values: Numbers; readonly derivatives: Numbers }>>;
}
const TORCH = JSON.parse(
  readFileSync(new URL('../../fixtures/activations.json', import.meta.url), 'utf8'),
) as Activations;

describe.each(ENGINES)("PyTorch's activations by %s", (engineName) => {
  it.each(Object.keys(ACTIVATIONS) as ActivationName[])('%s', async (name) => {
    const program = caseProgram({
      name,
      inputs: { x: { shape: ['n', 1], fill: 'real' } },
      result: ['n', 1],
      compute: ({ x }) => ACTIVATIONS[name](x as tf.Tensor2D),
      differentiable: true,
    });
    const executable = await (await startEngine(engineName)).compile(program, OPTIONS);
    const shape = [TORCH.points.length, 1];
    const { values, derivatives } = TORCH.functions[name === 'gelu_tanh' ? 'gelu_pytorch_tanh' : name]!;
    const found = await executable.run(
      {
        x: { data: Float32Array.from(TORCH.points), shape },
        weights: { data: new Float32Array(TORCH.points.length).fill(1), shape },
      },
      {},
    );
    // Each value by itself: small ones of one end must not hide beside large ones of the other.
    values.forEach((value, i) =>
      expectClose(`${name}(${String(TORCH.points[i])})`, [found['result']![i]!], [value]),
    );
    derivatives.forEach((value, i) =>
      expectClose(`${name}'(${String(TORCH.points[i])})`, [found[gradientName('x')]![i]!], [value]),
    );
    await executable.dispose();
  });
});
