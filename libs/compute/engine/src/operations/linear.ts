/**
 * A dense layer with weights as Hugging Face stores them: y = x · Wᵀ + b, W [out, in]. The gradient is
 * written out so that each product is one matrix product in the orientation in which its operands lie.
 */
import * as tf from '@tensorflow/tfjs-core';
import { affine, columnSums, product } from './product.js';

/** `x` [n, in], `weight` [out, in], `bias` [out] → [n, out]. */
export function linear(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const dense = tf.customGrad((...args) => {
    const [inputs, matrix, shift, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    save([inputs, matrix]);
    const gradFunc = (upstream: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const dy = upstream as tf.Tensor2D; // [n, out]
      const [input, w] = saved as [tf.Tensor2D, tf.Tensor2D];
      return [product(dy, w), product(dy, input, { transposeA: true }), columnSums(dy)];
    };
    return { value: affine(inputs, matrix, shift, 1), gradFunc };
  });
  return dense(x, weight, bias);
}
