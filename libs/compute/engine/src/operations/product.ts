/**
 * Matrix products with a factor, scale · a · b, and what dense layers take of them. Recorded, the factor is
 * one of the product's own (ONNX' Gemm has it) and costs nothing; elsewhere it is a multiplication. These are
 * forward operations only, for gradients that are written out.
 */
import * as tf from '@tensorflow/tfjs-core';
import { isRecording } from '../recorder.js';

export interface ProductOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly scale?: number;
}

/** scale · a · b, `a` [m, k] or, to be transposed, [k, m], `b` [k, n] or [n, k] → [m, n]. */
export function product(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  { transposeA = false, transposeB = false, scale = 1 }: ProductOptions = {},
): tf.Tensor2D {
  if (isRecording())
    return tf.engine().runKernel<tf.Tensor2D>('Product', { a, b }, { transposeA, transposeB, scale });
  const plain = tf.matMul<tf.Tensor2D>(a, b, transposeA, transposeB);
  return scale === 1 ? plain : tf.mul(plain, scale);
}

/** scale · x · weightᵀ + bias: `x` [n, in], `weight` [out, in], `bias` [out] → [n, out]. */
export function affine(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D, scale: number): tf.Tensor2D {
  if (isRecording()) return tf.engine().runKernel<tf.Tensor2D>('Affine', { x, weight, bias }, { scale });
  return tf.add(product(x, weight, { transposeB: true, scale }), bias);
}

/**
 * scale times the sums over rows, [n, h] → [h]: the gradient of what was added to every row. Recorded, they
 * are a product with a row of `scale`, which onnxruntime computes faster than a sum.
 */
export function columnSums(x: tf.Tensor2D, scale = 1): tf.Tensor1D {
  if (isRecording()) return tf.engine().runKernel<tf.Tensor1D>('ColumnSums', { x }, { scale });
  const sums = tf.sum<tf.Tensor1D>(x, 0);
  return scale === 1 ? sums : tf.mul(sums, scale);
}
