/** tfjs' matrix products; those with a factor are operations of our own (`operations/product.ts`). */
import type * as tf from '@tensorflow/tfjs-core';
import { emitProduct } from '../operations/product.js';
import { broadcastShape, flag, type Lowering } from './kernels.js';

/** Two matrices go to Gemm, batches of matrices to onnxruntime's FusedMatMul. */
export const batchMatMul: Lowering<'a' | 'b', tf.BatchMatMulAttrs> = ({
  recorder,
  inputs: { a, b },
  attributes,
}) => {
  const { transposeA, transposeB } = attributes;
  if (a.shape.length === 2 && b.shape.length === 2)
    return emitProduct(recorder, a, b, { transposeA, transposeB, scale: 1 });
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const batch = broadcastShape({ ...a, shape: a.shape.slice(0, -2) }, { ...b, shape: b.shape.slice(0, -2) });
  return recorder.emit('FusedMatMul', [a, b], [...batch, rows, columns], 'float32', {
    transA: flag(transposeA),
    transB: flag(transposeB),
  });
};
