/**
 * Batched products of attention heads, reading rows that lie time-major, [t, b, a, d], as [b, a, t, d].
 *
 * onnxruntime's FusedMatMul reads them so without moving anything; elsewhere the transposition is explicit.
 * These are forward operations only: attention writes its gradient out with them (`attention.ts`).
 */
import * as tf from '@tensorflow/tfjs-core';
import { flag, recordKernel, type Lowering } from '../lowerings/kernels.js';
import { isRecording } from '../recording/recorder.js';

export interface Factor {
  /** [b, a, t, d], or [t, b, a, d] when time-major. */
  readonly tensor: tf.Tensor4D;
  readonly timeMajor: boolean;
  readonly transpose: boolean;
}

/** scale · a · b over the last two axes of [b, a, ·, ·]. */
export function headProduct(a: Factor, b: Factor, scale: number): tf.Tensor4D {
  const [left, right] = [headShape(a), headShape(b)];
  if (isRecording()) {
    const shape = [left[0], left[1], a.transpose ? left[3] : left[2], b.transpose ? right[2] : right[3]];
    const attributes = {
      transposeA: a.transpose,
      transposeB: b.transpose,
      timeMajorA: a.timeMajor,
      timeMajorB: b.timeMajor,
      scale,
      shape,
    };
    return recordKernel('HeadProduct', { a: a.tensor, b: b.tensor }, attributes) as tf.Tensor4D;
  }
  const product = tf.matMul<tf.Tensor4D>(byHead(a), byHead(b), a.transpose, b.transpose);
  return scale === 1 ? product : tf.mul<tf.Tensor4D>(product, scale);
}

/** FusedMatMul's `transBatch` reads [t, b, a, d] as [b, a, t, d] without moving it. */
export const lowerHeadProduct: Lowering<'HeadProduct'> = ({ recorder, inputs: { a, b }, attributes }) => {
  const settings = {
    transA: flag(attributes.transposeA),
    transB: flag(attributes.transposeB),
    transBatchA: flag(attributes.timeMajorA),
    transBatchB: flag(attributes.timeMajorB),
    alpha: { float: attributes.scale },
  };
  const names = [recorder.nameOf(a), recorder.nameOf(b)];
  return recorder.emit('FusedMatMul', names, attributes.shape, 'float32', settings, 'com.microsoft');
};

/** Time first: [b, a, t, d] → [t, b, a, d]. */
export function timeMajor(x: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(x, [2, 0, 1, 3]);
}

function byHead({ tensor, timeMajor: isTimeMajor }: Factor): tf.Tensor4D {
  return isTimeMajor ? tf.transpose(tensor, [1, 2, 0, 3]) : tensor;
}

function headShape({ tensor, timeMajor: isTimeMajor }: Factor): [number, number, number, number] {
  const [first, second, third, fourth] = tensor.shape;
  return isTimeMajor ? [second, third, first, fourth] : [first, second, third, fourth];
}
