/**
 * What a conformance case is: a function of a few tensors of symbolic sizes, and how to fill them.
 *
 * It becomes a program whose loss is Σ result ∘ weights with arbitrary weights, so that its gradients look at
 * every entry of the result. Every case runs at both of SIZES in one compilation.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  gradientName,
  type Bindings,
  type Dimension,
  type Program,
  type TensorSpec,
} from '../../src/index.js';

/** Two batches' sizes: no two alike, and neither a multiple of the other. */
export const SIZES = [
  { n: 4, m: 3 },
  { n: 7, m: 5 },
] as const;
export type Sizes = (typeof SIZES)[number];

/** What the numbers of a tensor are like: around zero, above zero, or indices below a bound (int32). */
export type Fill = 'real' | 'positive' | { readonly below: number | 'n' | 'm' };

export interface CaseInput {
  readonly shape: readonly Dimension[];
  readonly fill: Fill;
}

export interface Case {
  readonly name: string;
  readonly inputs: Readonly<Record<string, CaseInput>>;
  /** The result's shape. */
  readonly result: readonly Dimension[];
  readonly compute: (tensors: Readonly<Record<string, tf.Tensor>>) => tf.Tensor;
  /** False where the result does not depend smoothly on its inputs. */
  readonly differentiable: boolean;
}

const isIndex = (fill: Fill): fill is { readonly below: number | 'n' | 'm' } => typeof fill === 'object';

export function caseProgram({ name, inputs, result, compute, differentiable }: Case): Program {
  const specs = Object.entries(inputs).map(([input, { shape, fill }]): TensorSpec => ({
    name: input,
    shape,
    type: isIndex(fill) ? 'int32' : 'float32',
  }));
  const float = specs.filter(({ type }) => type === 'float32').map((spec) => spec.name);
  return {
    name,
    inputs: [...specs, { name: 'weights', shape: result, type: 'float32' }],
    parameters: [],
    gradientsOf: differentiable ? float : [],
    compute: (tensors) => {
      const value = tf.cast(compute(tensors), 'float32');
      return { result: value, loss: tf.sum(tf.mul(value, tensors['weights']!)) };
    },
  };
}

/** Names of what the program gives. */
export function caseResults(program: Program): string[] {
  return ['result', 'loss', ...program.gradientsOf.map(gradientName)];
}

/** Feeds of a case at these sizes, the same for every engine. */
export function caseFeeds(testCase: Case, sizes: Sizes): Bindings {
  const random = generator(testCase.name.length * 7919 + sizes.n);
  const inputs = Object.entries({
    ...testCase.inputs,
    weights: { shape: testCase.result, fill: 'real' as const },
  });
  return Object.fromEntries(
    inputs.map(([name, { shape, fill }]) => {
      const actual = actualShape(shape, sizes);
      const length = actual.reduce((product, size) => product * size, 1);
      return [name, { data: filled(fill, length, sizes, random), shape: actual }];
    }),
  );
}

export function actualShape(shape: readonly Dimension[], sizes: Sizes): number[] {
  const sizeOf = (factor: string): number =>
    factor === 'n' || factor === 'm' ? sizes[factor] : Number(factor);
  return shape.map((size) =>
    String(size)
      .split('*')
      .reduce((product, factor) => product * sizeOf(factor), 1),
  );
}

function filled(fill: Fill, length: number, sizes: Sizes, random: () => number): Float32Array | Int32Array {
  if (isIndex(fill)) {
    const bound = typeof fill.below === 'number' ? fill.below : sizes[fill.below];
    return Int32Array.from({ length }, () => Math.floor(random() * bound));
  }
  return Float32Array.from({ length }, () => (fill === 'positive' ? 0.5 + 2 * random() : 4 * random() - 2));
}

/** Numbers in [0, 1) (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
