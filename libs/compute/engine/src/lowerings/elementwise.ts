/** Kernels that compute element by element, broadcasting where there are two inputs. */
import type * as tf from '@tensorflow/tfjs-core';
import { broadcastShape, input, type KernelCall, type Lowering } from './lowering.js';

const ONNX_TYPES: Partial<Record<tf.DataType, number>> = { float32: 1, int32: 6, bool: 9 };

const unary =
  (operator: string): Lowering =>
  (call) => {
    const x = input(call, 'x');
    return call.recorder.emit(operator, [call.recorder.nameOf(x)], x.shape, x.dtype);
  };

const binary =
  (operator: string, result?: tf.DataType): Lowering =>
  (call) => {
    const [a, b] = [input(call, 'a'), input(call, 'b')];
    const names = [call.recorder.nameOf(a), call.recorder.nameOf(b)];
    return call.recorder.emit(operator, names, broadcastShape(a, b), result ?? a.dtype);
  };

function square(call: KernelCall): tf.TensorInfo {
  const x = input(call, 'x');
  const name = call.recorder.nameOf(x);
  return call.recorder.emit('Mul', [name, name], x.shape, x.dtype);
}

function squaredDifference(call: KernelCall): tf.TensorInfo {
  const difference = binary('Sub')(call) as tf.TensorInfo;
  return square({ ...call, inputs: { x: difference } });
}

function rsqrt(call: KernelCall): tf.TensorInfo {
  const root = unary('Sqrt')(call) as tf.TensorInfo;
  return unary('Reciprocal')({ ...call, inputs: { x: root } }) as tf.TensorInfo;
}

/**
 * 1 where x > 0, `alpha` elsewhere: what the gradient of relu asks for. tfjs' NaN case does not arise in
 * ONNX' Greater.
 */
function step(call: KernelCall): tf.TensorInfo {
  const { recorder } = call;
  const x = input(call, 'x');
  const alpha = Number(call.attributes['alpha'] ?? 0);
  const positive = recorder.emit('Greater', [recorder.nameOf(x), recorder.graph.float(0)], x.shape, 'bool');
  return recorder.emit(
    'Where',
    [recorder.nameOf(positive), recorder.graph.float(1), recorder.graph.float(alpha)],
    x.shape,
    'float32',
  );
}

function select(call: KernelCall): tf.TensorInfo {
  const { recorder } = call;
  const [condition, t, e] = [input(call, 'condition'), input(call, 't'), input(call, 'e')];
  return recorder.emit(
    'Where',
    [condition, t, e].map((x) => recorder.nameOf(x)),
    t.shape,
    t.dtype,
  );
}

function clipByValue(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  const x = input(call, 'x');
  const bounds = [attributes['clipValueMin'], attributes['clipValueMax']].map((bound) =>
    recorder.graph.float(Number(bound)),
  );
  return recorder.emit('Clip', [recorder.nameOf(x), ...bounds], x.shape, x.dtype);
}

function cast(call: KernelCall): tf.TensorInfo {
  const x = input(call, 'x');
  const dtype = call.attributes['dtype'] as tf.DataType;
  const to = ONNX_TYPES[dtype];
  if (to === undefined) throw new RangeError(`a cast to ${dtype} can't be recorded`);
  return call.recorder.emit('Cast', [call.recorder.nameOf(x)], x.shape, dtype, { to: { int: to } });
}

export const ELEMENTWISE = {
  Abs: unary('Abs'),
  Add: binary('Add'),
  Cast: cast,
  ClipByValue: clipByValue,
  Equal: binary('Equal', 'bool'),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Greater: binary('Greater', 'bool'),
  GreaterEqual: binary('GreaterOrEqual', 'bool'),
  Less: binary('Less', 'bool'),
  LessEqual: binary('LessOrEqual', 'bool'),
  Log: unary('Log'),
  LogicalAnd: binary('And', 'bool'),
  LogicalNot: unary('Not'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Multiply: binary('Mul'),
  Neg: unary('Neg'),
  Pow: binary('Pow'),
  RealDiv: binary('Div'),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Rsqrt: rsqrt,
  Select: select,
  Sigmoid: unary('Sigmoid'),
  Sqrt: unary('Sqrt'),
  Square: square,
  SquaredDifference: squaredDifference,
  Step: step,
  Sub: binary('Sub'),
  Tanh: unary('Tanh'),
} satisfies Record<string, Lowering>;
