/** Kernels that reduce along axes, and softmax. */
import * as tf from '@tensorflow/tfjs-core';
import { input, type Lowering } from './lowering.js';

/** ONNX gives ReduceSum its axes as an input and, at opset 17, the other reductions as an attribute. */
const reduction =
  (operator: 'ReduceSum' | 'ReduceMean' | 'ReduceMax'): Lowering =>
  (call) => {
    const { recorder, attributes } = call;
    const x = input(call, 'x');
    const axes = tf.util.parseAxisParam(attributes['axis'] as number | number[], x.shape);
    const keep = attributes['keepDims'] === true;
    const shape = keep
      ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
      : x.shape.filter((_, axis) => !axes.includes(axis));
    const keepdims = { int: keep ? 1 : 0 };
    return operator === 'ReduceSum'
      ? recorder.emit(operator, [recorder.nameOf(x), recorder.int64s(axes)], shape, x.dtype, { keepdims })
      : recorder.emit(operator, [recorder.nameOf(x)], shape, x.dtype, { axes: { ints: axes }, keepdims });
  };

/** Along the last axis, as tfjs calls it. */
const softmax =
  (operator: 'Softmax' | 'LogSoftmax'): Lowering =>
  (call) => {
    const logits = input(call, 'logits');
    return call.recorder.emit(operator, [call.recorder.nameOf(logits)], logits.shape, 'float32', {
      axis: { int: -1 },
    });
  };

export const REDUCTIONS = {
  LogSoftmax: softmax('LogSoftmax'),
  Max: reduction('ReduceMax'),
  Mean: reduction('ReduceMean'),
  Softmax: softmax('Softmax'),
  Sum: reduction('ReduceSum'),
} satisfies Record<string, Lowering>;
