/**
 * Batched products of attention heads, reading rows that lie time-major, [t, b, a, d], as [b, a, t, d].
 *
 * onnxruntime's FusedMatMul reads them so without moving anything; elsewhere the transposition is explicit.
 * These are forward operations only: attention writes its gradient out with them (`attention.ts`).
 */
import * as tf from '@tensorflow/tfjs-core';
import { flag, recordKernel, type Lowering, type OwnLowerings } from '../lowerings/kernels.js';
import { isRecording } from '../recording/recorder.js';

export interface Factor {
  /** [b, a, t, d], or [t, b, a, d] when time-major. */
  readonly tensor: tf.Tensor4D;
  readonly timeMajor: boolean;
  readonly transpose: boolean;
}

type Reading = Omit<Factor, 'tensor'>;

declare module '../lowerings/kernels.js' {
  interface OwnLowerings {
    readonly HeadProduct: Lowering<'a' | 'b', { left: Reading; right: Reading; scale: number }>;
  }
}

/** scale · a · b over the last two axes of [b, a, ·, ·]. */
export function headProduct(a: Factor, b: Factor, scale: number): tf.Tensor4D {
  const { tensor: first, ...left } = a;
  const { tensor: second, ...right } = b;
  if (isRecording())
    return recordKernel('HeadProduct', { a: first, b: second }, { left, right, scale }) as tf.Tensor4D;
  const product = tf.matMul<tf.Tensor4D>(byHead(a), byHead(b), a.transpose, b.transpose);
  return scale === 1 ? product : tf.mul<tf.Tensor4D>(product, scale);
}

/** FusedMatMul's `transBatch` reads [t, b, a, d] as [b, a, t, d] without moving it. */
export const lowerHeadProduct: OwnLowerings['HeadProduct'] = ({ recorder, inputs: { a, b }, attributes }) => {
  const { left, right, scale } = attributes;
  const settings = {
    transA: flag(left.transpose),
    transB: flag(right.transpose),
    transBatchA: flag(left.timeMajor),
    transBatchB: flag(right.timeMajor),
    alpha: { float: scale },
  };
  const [texts, heads, ...ofA] = headShape(a.shape, left);
  const [, , ...ofB] = headShape(b.shape, right);
  const shape = [texts, heads, ofA[left.transpose ? 1 : 0], ofB[right.transpose ? 0 : 1]];
  return recorder.emit('FusedMatMul', [a, b], shape, 'float32', settings);
};

/** Time first: [b, a, t, d] → [t, b, a, d]. */
export function timeMajor(x: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(x, [2, 0, 1, 3]);
}

function byHead({ tensor, timeMajor: isTimeMajor }: Factor): tf.Tensor4D {
  return isTimeMajor ? tf.transpose(tensor, [1, 2, 0, 3]) : tensor;
}

/** [b, a, t, d] of a factor. */
function headShape(shape: readonly number[], { timeMajor: isTimeMajor }: Reading) {
  const [first, second, third, fourth] = shape as [number, number, number, number];
  return isTimeMajor ? ([second, third, first, fourth] as const) : ([first, second, third, fourth] as const);
}
