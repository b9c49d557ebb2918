/** Kernels that reduce along axes, and softmax. */
import * as tf from '@tensorflow/tfjs-core';
import { flag, type Lowering } from './kernels.js';
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
  const keepdims = flag(keepDims);
  return operator === 'ReduceSum'
    ? recorder.emit(operator, [recorder.nameOf(x), recorder.graph.int64s(axes)], shape, x.dtype, { keepdims })
    : recorder.emit(operator, [x], shape, x.dtype, { axes: { ints: axes }, keepdims });
}

export const max: Lowering<'x', tf.MaxAttrs> = ({ recorder, inputs: { x }, attributes }) =>
  reduced(recorder, 'ReduceMax', x, { axis: attributes.reductionIndices, keepDims: attributes.keepDims });

export const mean: Lowering<'x', tf.MeanAttrs> = ({ recorder, inputs: { x }, attributes }) =>
  reduced(recorder, 'ReduceMean', x, attributes);

export const sum: Lowering<'x', tf.SumAttrs> = ({ recorder, inputs: { x }, attributes }) =>
  reduced(recorder, 'ReduceSum', x, attributes);

/** Along the last axis, as tfjs calls it. */
export const softmax: Lowering<'logits', tf.SoftmaxAttrs> = ({ recorder, inputs: { logits } }) =>
  recorder.emit('Softmax', [logits], logits.shape, 'float32', { axis: { int: -1 } });
