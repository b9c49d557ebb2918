/**
 * Matrix products, and the operators that are kernels of our own because one onnxruntime operator does what
 * takes tfjs several: `operations/` calls them while recording and composes them from tfjs' kernels
 * otherwise.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { broadcastShape, input, type KernelCall, type Lowering } from './lowering.js';

const flag = (value: unknown): { int: number } => ({ int: value === true ? 1 : 0 });

/** scale · a · b of two matrices, either of them transposed; without a scale as tfjs calls it. */
function product(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  const [a, b] = [input(call, 'a'), input(call, 'b')];
  const { transposeA, transposeB, scale = 1 } = attributes;
  const rows = a.shape[transposeA === true ? 1 : 0] ?? 0;
  const columns = b.shape[transposeB === true ? 0 : 1] ?? 0;
  return recorder.emit('Gemm', [recorder.nameOf(a), recorder.nameOf(b)], [rows, columns], 'float32', {
    transA: flag(transposeA),
    transB: flag(transposeB),
    alpha: { float: Number(scale) },
  });
}

/** Two matrices go to Gemm, batches of matrices to onnxruntime's FusedMatMul. */
function batchMatMul(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  const [a, b] = [input(call, 'a'), input(call, 'b')];
  if (a.shape.length === 2 && b.shape.length === 2) return product(call);
  const { transposeA, transposeB } = attributes;
  const rows = a.shape.at(transposeA === true ? -1 : -2) ?? 1;
  const columns = b.shape.at(transposeB === true ? -2 : -1) ?? 1;
  const batch = broadcastShape({ ...a, shape: a.shape.slice(0, -2) }, { ...b, shape: b.shape.slice(0, -2) });
  return recorder.emit(
    'FusedMatMul',
    [recorder.nameOf(a), recorder.nameOf(b)],
    [...batch, rows, columns],
    'float32',
    { transA: flag(transposeA), transB: flag(transposeB) },
    'com.microsoft',
  );
}

/** y [n, o] = scale · x [n, i] · weightᵀ [o, i] + bias [o]. */
function affine(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  const [x, weight, bias] = [input(call, 'x'), input(call, 'weight'), input(call, 'bias')];
  const names = [x, weight, bias].map((tensor) => recorder.nameOf(tensor));
  return recorder.emit('Gemm', names, [x.shape[0]!, weight.shape[0]!], 'float32', {
    transB: { int: 1 },
    alpha: { float: Number(attributes['scale']) },
  });
}

/** A vector of `scale` [n] · x [n, h] → [h]. */
function columnSums(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  const x = input(call, 'x');
  const [rows = 0, columns = 0] = x.shape;
  const factors = recorder.emit(
    'Expand',
    [recorder.graph.float(Number(attributes['scale'])), recorder.graph.sizeVector([rows])],
    [rows],
    'float32',
  );
  return recorder.emit('MatMul', [recorder.nameOf(factors), recorder.nameOf(x)], [columns], 'float32');
}

/** Products of attention heads; `transposeBatch` reads [t, b, a, d] as [b, a, t, d] without moving it. */
function headProduct(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  const names = [input(call, 'a'), input(call, 'b')].map((tensor) => recorder.nameOf(tensor));
  const settings = {
    transA: flag(attributes['transposeA']),
    transB: flag(attributes['transposeB']),
    transBatchA: flag(attributes['timeMajorA']),
    transBatchB: flag(attributes['timeMajorB']),
    alpha: { float: Number(attributes['scale']) },
  };
  return recorder.emit(
    'FusedMatMul',
    names,
    attributes['shape'] as number[],
    'float32',
    settings,
    'com.microsoft',
  );
}

/**
 * Normalised rows with the mean and the reciprocal deviation that the backward pass needs: [n, h], [n, 1],
 * [n, 1].
 */
function layerNormalization(call: KernelCall): tf.TensorInfo[] {
  const { recorder, attributes } = call;
  const [x, gain, bias] = [input(call, 'x'), input(call, 'gain'), input(call, 'bias')];
  const row = [x.shape[0]!, 1];
  const names = [x, gain, bias].map((tensor) => recorder.nameOf(tensor));
  const epsilon = { float: Number(attributes['epsilon']) };
  return recorder.emitMany('LayerNormalization', names, [x.shape, row, row], { axis: { int: -1 }, epsilon });
}

export const PRODUCTS = {
  Affine: affine,
  BatchMatMul: batchMatMul,
  ColumnSums: columnSums,
  HeadProduct: headProduct,
  LayerNormalization: layerNormalization,
  Product: product,
} satisfies Record<string, Lowering>;
