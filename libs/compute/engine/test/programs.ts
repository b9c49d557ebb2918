/** Small programs for the tests of this lib. */
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy, linear, type Bindings, type Program, type TensorSpec } from '../src/index.js';

const float = (name: string, shape: TensorSpec['shape']): TensorSpec => ({ name, shape, type: 'float32' });

/** A classifier of one dense layer, with the gradients of its parameters. */
export const classifier: Program = {
  name: 'classifier',
  inputs: [float('x', ['rows', 3]), float('targets', ['rows', 2])],
  parameters: [float('weight', [2, 3]), float('bias', [2])],
  gradientsOf: ['weight', 'bias'],
  compute: ({ x, weight, bias, targets }) => {
    const logits = linear(x as tf.Tensor2D, weight as tf.Tensor2D, bias as tf.Tensor1D);
    return { loss: crossEntropy(logits, targets as tf.Tensor2D), logits };
  },
};

/** Feeds of the classifier's inputs for this many rows. */
export function classifierBatch(rows: number): Bindings {
  const targets = new Float32Array(rows * 2).map((_, i) => (i % 4 === 0 || i % 4 === 3 ? 1 / rows : 0));
  return {
    x: { data: new Float32Array(rows * 3).map((_, i) => Math.sin(i)), shape: [rows, 3] },
    targets: { data: targets, shape: [rows, 2] },
  };
}

export const classifierParameters: Bindings = {
  weight: { data: Float32Array.of(0.3, -0.2, 0.1, 0.4, 0.5, -0.6), shape: [2, 3] },
  bias: { data: Float32Array.of(0.05, -0.05), shape: [2] },
};

/** A program of one function of `x` [rows, 3]; with `differentiate`, its loss is the sum. */
export function programOf(compute: (x: tf.Tensor2D) => tf.Tensor, differentiate = false): Program {
  return {
    name: 'small',
    inputs: [float('x', ['rows', 3])],
    parameters: [],
    gradientsOf: differentiate ? ['x'] : [],
    compute: ({ x }): Record<string, tf.Tensor> => {
      const y = compute(x as tf.Tensor2D);
      return differentiate ? { loss: tf.sum(y) } : { y };
    },
  };
}
