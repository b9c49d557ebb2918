/**
 * Matrix products with a factor, scale · a · b, and what dense layers take of them. Recorded, the factor is
 * one of the product's own (ONNX' Gemm has it) and costs nothing; elsewhere it is a multiplication. These are
 * forward operations only, for gradients that are written out.
 */
import * as tf from '@tensorflow/tfjs-core';
import { flag, recordKernel, type Lowering } from '../lowerings/kernels.js';
import { isRecording, type RecordingBackend } from '../recording/recorder.js';

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
    return recordKernel('Product', { a, b }, { transposeA, transposeB, scale }) as tf.Tensor2D;
  const plain = tf.matMul<tf.Tensor2D>(a, b, transposeA, transposeB);
  return scale === 1 ? plain : tf.mul(plain, scale);
}

export const lowerProduct: Lowering<'Product'> = ({ recorder, inputs: { a, b }, attributes }) =>
  emitProduct(recorder, a, b, attributes);

/** One product of two matrices with its factor. */
export function emitProduct(
  recorder: RecordingBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  { transposeA, transposeB, scale }: Required<ProductOptions>,
): tf.TensorInfo {
  const shape = [a.shape[transposeA ? 1 : 0]!, b.shape[transposeB ? 0 : 1]!];
  return recorder.emit('Gemm', [recorder.nameOf(a), recorder.nameOf(b)], shape, 'float32', {
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

export const lowerAffine: Lowering<'Affine'> = ({ recorder, inputs, attributes: { scale } }) => {
  const { x, weight, bias } = inputs;
  const names = [x, weight, bias].map((tensor) => recorder.nameOf(tensor));
  const shape = [x.shape[0]!, weight.shape[0]!];
  return recorder.emit('Gemm', names, shape, 'float32', { transB: { int: 1 }, alpha: { float: scale } });
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
export const lowerColumnSums: Lowering<'ColumnSums'> = ({
  recorder,
  inputs: { x },
  attributes: { scale },
}) => {
  const [rows, columns] = x.shape as [number, number];
  const { graph } = recorder;
  const factors = recorder.emit('Expand', [graph.float(scale), graph.sizeVector([rows])], [rows], 'float32');
  return recorder.emit('MatMul', [recorder.nameOf(factors), recorder.nameOf(x)], [columns], 'float32');
};
