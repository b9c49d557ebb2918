/** Kernels that reduce along axes, and softmax. */
import * as tf from '@tensorflow/tfjs-core';
import { input, type KernelCall, type Lowering } from './lowering.js';

/** ONNX gives ReduceSum its axes as an input and, at opset 17, the other reductions as an attribute. */
const reduction =
  (operator: 'ReduceSum' | 'ReduceMean' | 'ReduceMax'): Lowering =>
  (call) => {
    const { recorder, attributes } = call;
    const x = input(call, 'x');
    // Max calls its axes reductionIndices.
    const axis = (attributes['axis'] ?? attributes['reductionIndices']) as number | number[];
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const keep = attributes['keepDims'] === true;
    const shape = keep
      ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
      : x.shape.filter((_, axis) => !axes.includes(axis));
    const keepdims = { int: keep ? 1 : 0 };
    return operator === 'ReduceSum'
      ? recorder.emit(operator, [recorder.nameOf(x), recorder.graph.int64s(axes)], shape, x.dtype, {
          keepdims,
        })
      : recorder.emit(operator, [recorder.nameOf(x)], shape, x.dtype, { axes: { ints: axes }, keepdims });
  };

/** Along the last axis, as tfjs calls it. */
function softmax(call: KernelCall): tf.TensorInfo {
  const { recorder } = call;
  const logits = input(call, 'logits');
  return recorder.emit('Softmax', [recorder.nameOf(logits)], logits.shape, 'float32', { axis: { int: -1 } });
}

export const REDUCTIONS = {
  Max: reduction('ReduceMax'),
  Mean: reduction('ReduceMean'),
  Softmax: softmax,
  Sum: reduction('ReduceSum'),
} satisfies Record<string, Lowering>;
