/** Kernels that compute element by element, broadcasting where there are two inputs. */
import type * as tf from '@tensorflow/tfjs-core';
import { broadcastShape, type KernelCall, type Lowering } from './kernels.js';
import type { RecordingBackend } from '../recording/recorder.js';

const ONNX_TYPES: Partial<Record<tf.DataType, number>> = { float32: 1, int32: 6, bool: 9 };

type UnaryCall = KernelCall<'Abs'>;
type BinaryCall = KernelCall<'Add'>;

function onEach(recorder: RecordingBackend, operator: string, x: tf.TensorInfo): tf.TensorInfo {
  return recorder.emit(operator, [recorder.nameOf(x)], x.shape, x.dtype);
}

export const unary =
  (operator: string) =>
  ({ recorder, inputs: { x } }: UnaryCall): tf.TensorInfo =>
    onEach(recorder, operator, x);

export const binary =
  (operator: string, result?: tf.DataType) =>
  ({ recorder, inputs: { a, b } }: BinaryCall): tf.TensorInfo => {
    const names = [recorder.nameOf(a), recorder.nameOf(b)];
    return recorder.emit(operator, names, broadcastShape(a, b), result ?? a.dtype);
  };

export const square: Lowering<'Square'> = ({ recorder, inputs: { x } }) => squared(recorder, x);

function squared(recorder: RecordingBackend, x: tf.TensorInfo): tf.TensorInfo {
  const name = recorder.nameOf(x);
  return recorder.emit('Mul', [name, name], x.shape, x.dtype);
}

export const squaredDifference: Lowering<'SquaredDifference'> = (call) =>
  squared(call.recorder, binary('Sub')(call));

export const rsqrt: Lowering<'Rsqrt'> = ({ recorder, inputs: { x } }) =>
  onEach(recorder, 'Reciprocal', onEach(recorder, 'Sqrt', x));

/**
 * 1 where x > 0, `alpha` elsewhere: what the gradient of relu asks for. tfjs' NaN case does not arise in
 * ONNX' Greater.
 */
export const step: Lowering<'Step'> = ({ recorder, inputs: { x }, attributes: { alpha } }) => {
  const { graph } = recorder;
  const positive = recorder.emit('Greater', [recorder.nameOf(x), graph.float(0)], x.shape, 'bool');
  const names = [recorder.nameOf(positive), graph.float(1), graph.float(alpha)];
  return recorder.emit('Where', names, x.shape, 'float32');
};

export const select: Lowering<'Select'> = ({ recorder, inputs: { condition, t, e } }) => {
  const names = [condition, t, e].map((x) => recorder.nameOf(x));
  return recorder.emit('Where', names, t.shape, t.dtype);
};

export const clipByValue: Lowering<'ClipByValue'> = ({ recorder, inputs: { x }, attributes }) => {
  const bounds = [attributes.clipValueMin, attributes.clipValueMax].map((bound) =>
    recorder.graph.float(bound),
  );
  return recorder.emit('Clip', [recorder.nameOf(x), ...bounds], x.shape, x.dtype);
};

export const cast: Lowering<'Cast'> = ({ recorder, inputs: { x }, attributes: { dtype } }) => {
  const to = ONNX_TYPES[dtype];
  if (to === undefined) throw new RangeError(`a cast to ${dtype} can't be recorded`);
  return recorder.emit('Cast', [recorder.nameOf(x)], x.shape, dtype, { to: { int: to } });
};
