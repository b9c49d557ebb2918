/** Cases of the operations that the engine offers beside tfjs' own, with the activations. */
import * as tf from '@tensorflow/tfjs-core';
import {
  ACTIVATIONS,
  crossEntropy,
  geluLayers,
  headProduct,
  layerNorm,
  linear,
  recomputed,
  timeMajor,
  type ActivationName,
} from '../../src/index.js';
import type { Case, CaseInput } from './case.js';

const real = (...shape: CaseInput['shape']): CaseInput => ({ shape, fill: 'real' });
const positive = (...shape: CaseInput['shape']): CaseInput => ({ shape, fill: 'positive' });

/** Every combination of a and b time-major or not, transposed or not. */
const headProducts = [false, true].flatMap((timeA) =>
  [false, true].flatMap((timeB) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB): Case => {
        const layout = (rows: CaseInput['shape'], isTimeMajor: boolean): CaseInput =>
          isTimeMajor ? real(rows[0]!, 'n', 2, rows[1]!) : real('n', 2, ...rows);
        const a = layout(transposeA ? [4, 'm'] : ['m', 4], timeA);
        const b = layout(transposeB ? [3, 4] : [4, 3], timeB);
        const marks = [timeA, transposeA, timeB, transposeB].map((flag) => (flag ? 'T' : '-')).join('');
        return {
          name: `headProduct ${marks}`,
          inputs: { a, b },
          result: ['n', 2, 'm', 3],
          compute: (tensors) =>
            headProduct(
              { tensor: tensors['a'] as tf.Tensor4D, timeMajor: timeA, transpose: transposeA },
              { tensor: tensors['b'] as tf.Tensor4D, timeMajor: timeB, transpose: transposeB },
              0.7,
            ),
          differentiable: false, // a forward operation: attention writes its gradient out with it
        };
      }),
    ),
  ),
);

const geluLayersOf = (name: string, factor: number): Case => ({
  name,
  inputs: { x: real('n', 3), w1: real(6, 3), b1: real(6), w2: real(4, 6), b2: real(4) },
  result: ['n', 4],
  compute: ({ x, w1, b1, w2, b2 }) =>
    geluLayers(
      tf.mul(x as tf.Tensor2D, factor),
      { weight: w1 as tf.Tensor2D, bias: b1 as tf.Tensor1D },
      { weight: w2 as tf.Tensor2D, bias: b2 as tf.Tensor1D },
    ),
  differentiable: true,
});

export const OPERATION_CASES: readonly Case[] = [
  {
    name: 'linear',
    inputs: { x: real('n', 3), weight: real(5, 3), bias: real(5) },
    result: ['n', 5],
    compute: ({ x, weight, bias }) => linear(x as tf.Tensor2D, weight as tf.Tensor2D, bias as tf.Tensor1D),
    differentiable: true,
  },
  geluLayersOf('geluLayers', 0.5),
  geluLayersOf('geluLayers where exp u² is infinite', 300),
  {
    name: 'layerNorm',
    inputs: { x: real('n', 6), gain: positive(6), bias: real(6) },
    result: ['n', 6],
    compute: ({ x, gain, bias }) =>
      layerNorm(x as tf.Tensor2D, gain as tf.Tensor1D, bias as tf.Tensor1D, 1e-3),
    differentiable: true,
  },
  {
    name: 'crossEntropy',
    inputs: { logits: real('n', 4), targets: positive('n', 4) },
    result: [],
    // Its gradient by `targets` is zero by definition: they are data.
    compute: ({ logits, targets }) => crossEntropy(logits as tf.Tensor2D, targets as tf.Tensor2D),
    differentiable: true,
  },
  {
    name: 'recomputed',
    inputs: { x: real('n', 3), weight: real(3, 3), bias: real(3) },
    result: ['n', 3],
    // Once within itself, as a layer within layers.
    compute: ({ x, weight, bias }) => {
      const layer = (...[rows, matrix, shift]: tf.Tensor[]): tf.Tensor2D =>
        tf.tanh(linear(rows as tf.Tensor2D, matrix as tf.Tensor2D, shift as tf.Tensor1D));
      const first = recomputed([x!, weight!, bias!], layer);
      return recomputed([first, weight!, bias!], layer);
    },
    differentiable: true,
  },
  { ...headProducts[0]!, name: 'headProduct' },
  ...headProducts,
  {
    name: 'timeMajor',
    inputs: { x: real('n', 2, 'm', 3) },
    result: ['m', 'n', 2, 3],
    compute: ({ x }) => timeMajor(x as tf.Tensor4D),
    differentiable: true,
  },
  ...(Object.keys(ACTIVATIONS) as ActivationName[]).map((name): Case => ({
    name: `activation ${name}`,
    inputs: { x: real('n', 7) },
    result: ['n', 7],
    compute: ({ x }) => ACTIVATIONS[name](tf.mul(x as tf.Tensor2D, 4)),
    differentiable: true,
  })),
];

/** The case of this name. */
export function operationCase(name: string): Case {
  return OPERATION_CASES.find((operation) => operation.name === name)!;
}
