/**
 * Layer normalisation over the last axis (Ba et al. 2016, arXiv 1607.06450), with its gradient written out.
 *
 *   x̂ = (x − mean) / √(var + ε)      y = gain · x̂ + bias
 *   dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(var + ε),  g = gain · dy
 *
 * Recorded, it is one operator that also gives the mean and the reciprocal deviation; elsewhere it is
 * composed.
 */
import * as tf from '@tensorflow/tfjs-core';
import { recordKernel, type Lowering, type OwnLowerings } from '../lowerings/kernels.js';
import { isRecording } from '../recording/recorder.js';
import { columnSums, product } from './product.js';

declare module '../lowerings/kernels.js' {
  interface OwnLowerings {
    readonly LayerNormalization: Lowering<'x' | 'gain' | 'bias', { readonly epsilon: number }>;
  }
}

/** `x` [n, h], `gain` [h], `bias` [h] → [n, h]. */
export function layerNorm(
  x: tf.Tensor2D,
  gain: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
): tf.Tensor2D {
  const normalise = tf.customGrad((...args) => {
    const [inputs, weight, shift, save] = args as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc];
    const [value, mean, reciprocal] = forward(inputs, weight, shift, epsilon);
    save([inputs, weight, mean, reciprocal]);
    return { value, gradFunc: (dy, saved) => backward(dy as tf.Tensor2D, saved as tf.Tensor2D[]) };
  });
  return normalise(x, gain, bias) as tf.Tensor2D;
}

function forward(
  x: tf.Tensor2D,
  gain: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
): [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D] {
  if (isRecording()) {
    const outputs = recordKernel('LayerNormalization', { x, gain, bias }, { epsilon });
    return outputs as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  }
  const mean = tf.mean<tf.Tensor2D>(x, -1, true);
  const centred = tf.sub<tf.Tensor2D>(x, mean);
  const reciprocal = tf.rsqrt<tf.Tensor2D>(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
  return [tf.add(tf.mul(tf.mul(centred, reciprocal), gain), bias), mean, reciprocal];
}

function backward(dy: tf.Tensor2D, saved: tf.Tensor2D[]): tf.Tensor[] {
  const [x, gain, mean, reciprocal] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const normalised = tf.mul<tf.Tensor2D>(tf.sub(x, mean), reciprocal);
  const along = tf.mul<tf.Tensor2D>(dy, normalised);
  const width = x.shape[1];
  // mean(gain · a) over each row of a [n, h], as a product that reads a alone: [n, 1].
  const share = tf.reshape<tf.Rank.R2>(tf.div(gain, width), [width, 1]);
  const meanOf = (a: tf.Tensor2D): tf.Tensor2D => product(a, share);
  const centred = tf.sub(tf.sub(tf.mul(dy, gain), meanOf(dy)), tf.mul(normalised, meanOf(along)));
  return [tf.mul(centred, reciprocal), columnSums(along), columnSums(dy)];
}

/** Normalised rows [n, h], with the means [n, 1] and reciprocal deviations [n, 1] for the backward pass. */
export const lowerLayerNorm: OwnLowerings['LayerNormalization'] = ({ recorder, inputs, attributes }) => {
  const { x, gain, bias } = inputs;
  const row = [x.shape[0]!, 1];
  const settings = { axis: { int: -1 }, epsilon: { float: attributes.epsilon } };
  return recorder.emitMany('LayerNormalization', [x, gain, bias], [x.shape, row, row], settings);
};
