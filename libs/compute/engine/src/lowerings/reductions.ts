/** Kernels that reduce along axes, and softmax. */
import * as tf from '@tensorflow/tfjs-core';
import type { Lowering } from './kernels.js';
import type { RecordingBackend } from '../recording/recorder.js';

interface Reduction {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/** ONNX gives ReduceSum its axes as an input and, at opset 17, the other reductions as an attribute. */
function reduced(
  recorder: RecordingBackend,
  operator: 'ReduceSum' | 'ReduceMean' | 'ReduceMax',
  x: tf.TensorInfo,
  { axis, keepDims }: Reduction,
): tf.TensorInfo {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const shape = keepDims
    ? x.shape.map((size, place) => (axes.includes(place) ? 1 : size))
    : x.shape.filter((_, place) => !axes.includes(place));
  const keepdims = { int: keepDims ? 1 : 0 };
  return operator === 'ReduceSum'
    ? recorder.emit(operator, [recorder.nameOf(x), recorder.graph.int64s(axes)], shape, x.dtype, { keepdims })
    : recorder.emit(operator, [recorder.nameOf(x)], shape, x.dtype, { axes: { ints: axes }, keepdims });
}

export const max: Lowering<'Max'> = ({ recorder, inputs: { x }, attributes }) =>
  reduced(recorder, 'ReduceMax', x, { axis: attributes.reductionIndices, keepDims: attributes.keepDims });

export const mean: Lowering<'Mean'> = ({ recorder, inputs: { x }, attributes }) =>
  reduced(recorder, 'ReduceMean', x, attributes);

export const sum: Lowering<'Sum'> = ({ recorder, inputs: { x }, attributes }) =>
  reduced(recorder, 'ReduceSum', x, attributes);

/** Along the last axis, as tfjs calls it. */
export const softmax: Lowering<'Softmax'> = ({ recorder, inputs: { logits } }) =>
  recorder.emit('Softmax', [recorder.nameOf(logits)], logits.shape, 'float32', { axis: { int: -1 } });
