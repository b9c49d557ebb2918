/**
 * What a lowering is: one tfjs kernel told in ONNX operators. The families beside this file hold them all.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recorder.js';

export interface KernelCall {
  readonly recorder: RecordingBackend;
  readonly inputs: Readonly<Record<string, tf.TensorInfo | undefined>>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export type Lowering = (call: KernelCall) => tf.TensorInfo | tf.TensorInfo[];

/** The kernel's input of this name. @throws RangeError when tfjs did not pass it. */
export function input(call: KernelCall, name: string): tf.TensorInfo {
  const tensor = call.inputs[name];
  if (!tensor) throw new RangeError(`a kernel was called without its input ${name}`);
  return tensor;
}

/** The shape that two tensors broadcast to. */
export function broadcastShape(a: tf.TensorInfo, b: tf.TensorInfo): number[] {
  return tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
}
