/**
 * What it takes to record a kernel: a rule, whose type says which inputs and attributes the kernel has. The
 * rules of tfjs' own kernels are beside this file; those of `operations/`, which one ONNX operator does where
 * tfjs takes several, stand with their operations. `lowerings.ts` is the table of all.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording/recorder.js';

/** Writes one kernel in ONNX operators, from inputs of these names. */
export type Lowering<Names extends string, Attributes = object> = (call: {
  readonly recorder: RecordingBackend;
  readonly inputs: Readonly<Record<Names, tf.TensorInfo>>;
  readonly attributes: Attributes;
}) => tf.TensorInfo | tf.TensorInfo[];

/**
 * Rules of the kernels of `operations/` by name: each file there declares its own, and the table has them
 * all.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the operations' files fill it
export interface OwnLowerings {}

/** Asks tfjs to run a kernel of `operations/` on the recorder, which gives what its lowering gives. */
export function recordKernel<Name extends keyof OwnLowerings>(
  name: Name,
  inputs: Parameters<OwnLowerings[Name]>[0]['inputs'],
  attributes: Parameters<OwnLowerings[Name]>[0]['attributes'],
): tf.Tensor | tf.Tensor[] {
  return tf
    .engine()
    .runKernel(name, inputs as unknown as tf.NamedTensorMap, attributes as unknown as tf.NamedAttrMap);
}

/** The shape that two tensors broadcast to. */
export function broadcastShape(a: tf.TensorInfo, b: tf.TensorInfo): number[] {
  return tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
}

/** A truth as an attribute of ONNX. */
export function flag(value: boolean): { int: number } {
  return { int: value ? 1 : 0 };
}
