/** Kernels that compute element by element, broadcasting where there are two inputs. */
import type * as tf from '@tensorflow/tfjs-core';
import { broadcastShape, type Lowering } from './kernels.js';
import type { RecordingBackend } from '../recording/recorder.js';

const ONNX_TYPES: Partial<Record<tf.DataType, number>> = { float32: 1, int32: 6, bool: 9 };

export const unary =
  (operator: string): Lowering<'x'> =>
  ({ recorder, inputs: { x } }) =>
    recorder.emit(operator, [x], x.shape, x.dtype);

export const binary =
  (operator: string, result?: tf.DataType): Lowering<'a' | 'b'> =>
  ({ recorder, inputs: { a, b } }) =>
    recorder.emit(operator, [a, b], broadcastShape(a, b), result ?? a.dtype);

export const square: Lowering<'x'> = ({ recorder, inputs: { x } }) => squared(recorder, x);

function squared(recorder: RecordingBackend, x: tf.TensorInfo): tf.TensorInfo {
  const name = recorder.nameOf(x);
  return recorder.emit('Mul', [name, name], x.shape, x.dtype);
}

export const squaredDifference: Lowering<'a' | 'b'> = ({ recorder, inputs: { a, b } }) =>
  squared(recorder, recorder.emit('Sub', [a, b], broadcastShape(a, b), a.dtype));

export const rsqrt: Lowering<'x'> = ({ recorder, inputs: { x } }) =>
  recorder.emit('Reciprocal', [recorder.emit('Sqrt', [x], x.shape, x.dtype)], x.shape, x.dtype);

/** 1 where x > 0, `alpha` elsewhere: the gradient of relu. tfjs' NaN case does not arise in ONNX' Greater. */
export const step: Lowering<'x', tf.StepAttrs> = ({ recorder, inputs: { x }, attributes: { alpha } }) => {
  const { graph } = recorder;
  const positive = recorder.emit('Greater', [recorder.nameOf(x), graph.float(0)], x.shape, 'bool');
  return recorder.emit('Where', [positive, graph.float(1), graph.float(alpha)], x.shape, 'float32');
};

export const select: Lowering<'condition' | 't' | 'e'> = ({ recorder, inputs: { condition, t, e } }) =>
  recorder.emit('Where', [condition, t, e], t.shape, t.dtype);

export const clipByValue: Lowering<'x', tf.ClipByValueAttrs> = ({ recorder, inputs: { x }, attributes }) => {
  const bounds = [attributes.clipValueMin, attributes.clipValueMax].map((bound) =>
    recorder.graph.float(bound),
  );
  return recorder.emit('Clip', [recorder.nameOf(x), ...bounds], x.shape, x.dtype);
};

export const cast: Lowering<'x', tf.CastAttrs> = ({ recorder, inputs: { x }, attributes: { dtype } }) => {
  const to = ONNX_TYPES[dtype];
  if (to === undefined) throw new RangeError(`a cast to ${dtype} can't be recorded`);
  return recorder.emit('Cast', [x], x.shape, dtype, { to: { int: to } });
};
