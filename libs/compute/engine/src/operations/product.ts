/**
 * Matrix products with a factor, scale · a · b, and what dense layers take of them. Recorded, the factor is
 * one of the product's own (ONNX' Gemm has it) and costs nothing; elsewhere it is a multiplication. These are
 * forward operations only, for gradients that are written out.
 */
import * as tf from '@tensorflow/tfjs-core';
import { flag, recordKernel, type Lowering, type OwnLowerings } from '../lowerings/kernels.js';
import { isRecording, type RecordingBackend } from '../recording/recorder.js';

export interface ProductOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly scale?: number;
}

declare module '../lowerings/kernels.js' {
  interface OwnLowerings {
    readonly Affine: Lowering<'x' | 'weight' | 'bias', { readonly scale: number }>;
    readonly ColumnSums: Lowering<'x', { readonly scale: number }>;
    readonly Product: Lowering<'a' | 'b', Required<ProductOptions>>;
  }
}

/** scale · a · b, `a` [m, k] or, to be transposed, [k, m], `b` [k, n] or [n, k] → [m, n]. */
export function product(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  { transposeA = false, transposeB = false, scale = 1 }: ProductOptions = {},
): tf.Tensor2D {
  if (isRecording())
    return recordKernel('Product', { a, b }, { transposeA, transposeB, scale }) as tf.Tensor2D;
  const plain = tf.matMul<tf.Tensor2D>(a, b, transposeA, transposeB);
  return scale === 1 ? plain : tf.mul(plain, scale);
}

export const lowerProduct: OwnLowerings['Product'] = ({ recorder, inputs: { a, b }, attributes }) =>
  emitProduct(recorder, a, b, attributes);

/** One product of two matrices with its factor. */
export function emitProduct(
  recorder: RecordingBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  { transposeA, transposeB, scale }: Required<ProductOptions>,
): tf.TensorInfo {
  const shape = [a.shape[transposeA ? 1 : 0]!, b.shape[transposeB ? 0 : 1]!];
  return recorder.emit('Gemm', [a, b], shape, 'float32', {
    transA: flag(transposeA),
    transB: flag(transposeB),
    alpha: { float: scale },
  });
}

/** scale · x · weightᵀ + bias: `x` [n, in], `weight` [out, in], `bias` [out] → [n, out]. */
export function affine(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D, scale: number): tf.Tensor2D {
  if (isRecording()) return recordKernel('Affine', { x, weight, bias }, { scale }) as tf.Tensor2D;
  return tf.add(product(x, weight, { transposeB: true, scale }), bias);
}

export const lowerAffine: OwnLowerings['Affine'] = ({ recorder, inputs, attributes: { scale } }) => {
  const { x, weight, bias } = inputs;
  const shape = [x.shape[0]!, weight.shape[0]!];
  const settings = { transB: flag(true), alpha: { float: scale } };
  return recorder.emit('Gemm', [x, weight, bias], shape, 'float32', settings);
};

/**
 * scale times the sums over rows, [n, h] → [h]: the gradient of what was added to every row. Recorded, they
 * are a product with a row of `scale`, which onnxruntime computes faster than a sum.
 */
export function columnSums(x: tf.Tensor2D, scale = 1): tf.Tensor1D {
  if (isRecording()) return recordKernel('ColumnSums', { x }, { scale }) as tf.Tensor1D;
  const sums = tf.sum<tf.Tensor1D>(x, 0);
  return scale === 1 ? sums : tf.mul(sums, scale);
}

/** A vector of `scale` [n] · x [n, h] → [h]. */
export const lowerColumnSums: OwnLowerings['ColumnSums'] = ({ recorder, inputs: { x }, attributes }) => {
  const [rows, columns] = x.shape as [number, number];
  const { graph } = recorder;
  const filling = [graph.float(attributes.scale), graph.sizeVector([rows])];
  const factors = recorder.emit('Expand', filling, [rows], 'float32');
  return recorder.emit('MatMul', [factors, x], [columns], 'float32');
};
