/** Kernels that move values without computing: reshape, transpose, slice, pad, gather, scatter, fill. */
import * as tf from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recorder.js';
import { input, type KernelCall, type Lowering } from './lowering.js';

/** The kernels that only give a tensor another shape. */
function reshaped(call: KernelCall, x: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo {
  const { recorder } = call;
  return recorder.emit(
    'Reshape',
    [recorder.nameOf(x), recorder.graph.shapeVector(shape, x.shape)],
    shape,
    x.dtype,
  );
}

function reshape(call: KernelCall): tf.TensorInfo {
  const x = input(call, 'x');
  return reshaped(
    call,
    x,
    tf.util.inferFromImplicitShape(call.attributes['shape'] as number[], tf.util.sizeFromShape(x.shape)),
  );
}

function expandDims(call: KernelCall): tf.TensorInfo {
  const x = input(call, 'input');
  const axis = Number(call.attributes['dim']);
  return reshaped(call, x, x.shape.toSpliced(axis < 0 ? x.shape.length + 1 + axis : axis, 0, 1));
}

function identity(call: KernelCall): tf.TensorInfo {
  const { dataId, shape, dtype } = input(call, 'x');
  call.recorder.incRef(dataId);
  return { dataId, shape, dtype };
}

/** `x` once `signal` is there: a Reshape to the same shape, which is read off `signal` and moves nothing. */
function runAfter(call: KernelCall): tf.TensorInfo {
  const { recorder } = call;
  const [x, signal] = [input(call, 'x'), input(call, 'signal')];
  const shape = recorder.graph.emit('Shape', [recorder.nameOf(signal)], 'int64', [signal.shape.length]);
  return recorder.emit('Reshape', [recorder.nameOf(x), shape], x.shape, x.dtype);
}

function transpose(call: KernelCall): tf.TensorInfo {
  const x = input(call, 'x');
  const perm = call.attributes['perm'] as number[];
  const shape = perm.map((axis) => x.shape[axis]!);
  return call.recorder.emit('Transpose', [call.recorder.nameOf(x)], shape, x.dtype, { perm: { ints: perm } });
}

function slice(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  const x = input(call, 'x');
  const wanted = [attributes['begin'], attributes['size']] as [number[], number[]];
  const [begin = [], size = []] = tf.slice_util.parseSliceParams(x, ...wanted);
  const end = begin.map((start, axis) => start + (size[axis] ?? 0));
  const axes = recorder.graph.int64s(begin.map((_, axis) => axis));
  return recorder.emit(
    'Slice',
    [recorder.nameOf(x), recorder.graph.sizeVector(begin), recorder.graph.sizeVector(end), axes],
    size,
    x.dtype,
  );
}

function pad(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  const x = input(call, 'x');
  const paddings = attributes['paddings'] as [number, number][];
  const amounts = recorder.graph.sizeVector([
    ...paddings.map(([before]) => before),
    ...paddings.map(([, after]) => after),
  ]);
  const shape = x.shape.map((size, axis) => size + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));
  const value = recorder.graph.float(Number(attributes['constantValue'] ?? 0));
  return recorder.emit('Pad', [recorder.nameOf(x), amounts, value], shape, x.dtype);
}

function tile(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  const x = input(call, 'x');
  const repeats = attributes['reps'] as number[];
  const shape = x.shape.map((size, axis) => size * (repeats[axis] ?? 1));
  return recorder.emit('Tile', [recorder.nameOf(x), recorder.graph.sizeVector(repeats)], shape, x.dtype);
}

function concat(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  // tfjs passes Concat's inputs as an array.
  const tensors = Object.values(call.inputs).filter((tensor) => tensor !== undefined);
  const [first] = tensors;
  if (!first) throw new RangeError('a concatenation needs at least one tensor');
  const [axis = 0] = tf.util.parseAxisParam(Number(attributes['axis']), first.shape);
  const shape = tf.backend_util.computeOutShape(
    tensors.map((tensor) => tensor.shape),
    axis,
  );
  const names = tensors.map((tensor) => recorder.nameOf(tensor));
  return recorder.emit('Concat', names, shape, first.dtype, { axis: { int: axis } });
}

/** The gradient of a concatenation. */
function split(call: KernelCall): tf.TensorInfo[] {
  const { recorder, attributes } = call;
  const x = input(call, 'x');
  const [axis = 0] = tf.util.parseAxisParam(Number(attributes['axis']), x.shape);
  const sizes = tf.backend_util.prepareSplitSize(x, attributes['numOrSizeSplits'] as number[] | number, axis);
  const shapes = sizes.map((size) => x.shape.with(axis, size));
  return recorder.emitMany('Split', [recorder.nameOf(x), recorder.graph.sizeVector(sizes)], shapes, {
    axis: { int: axis },
  });
}

function gather(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  const [x, indices] = [input(call, 'x'), input(call, 'indices')];
  const [axis = 0] = tf.util.parseAxisParam(Number(attributes['axis']), x.shape);
  const shape = x.shape.toSpliced(axis, 1, ...indices.shape);
  return recorder.emit('Gather', [recorder.nameOf(x), recorder.nameOf(indices)], shape, x.dtype, {
    axis: { int: axis },
  });
}

/** The gradient of gather: rows of `x` added up by their segment. */
function unsortedSegmentSum(call: KernelCall): tf.TensorInfo {
  const { recorder } = call;
  const [x, segments] = [input(call, 'x'), input(call, 'segmentIds')];
  const [count = 0] = segments.shape;
  const column = recorder.emit(
    'Reshape',
    [recorder.nameOf(segments), recorder.graph.shapeVector([count, 1], segments.shape)],
    [count, 1],
    'int32',
  );
  return addedUp(recorder, [Number(call.attributes['numSegments']), ...x.shape.slice(1)], column, x);
}

/** Rows added up by indices [n, 1] into zeros. */
function scatterNd(call: KernelCall): tf.TensorInfo {
  const shape = call.attributes['shape'] as number[];
  return addedUp(call.recorder, shape, input(call, 'indices'), input(call, 'updates'));
}

function addedUp(
  recorder: RecordingBackend,
  shape: number[],
  places: tf.TensorInfo,
  rows: tf.TensorInfo,
): tf.TensorInfo {
  const zeros = recorder.emit(
    'Expand',
    [recorder.graph.float(0), recorder.graph.sizeVector(shape)],
    shape,
    'float32',
  );
  // ONNX' type number 7 is int64, which ScatterND wants; the cast keeps tfjs' type because tfjs has no int64.
  const indices = recorder.emit('Cast', [recorder.nameOf(places)], places.shape, 'int32', { to: { int: 7 } });
  const names = [zeros, indices, rows].map((tensor) => recorder.nameOf(tensor));
  return recorder.emit('ScatterND', names, shape, 'float32', { reduction: { string: 'add' } });
}

/** A constant of one of ONNX' element types; its type number 9 is bool. */
function scalar(recorder: RecordingBackend, value: number, dtype: tf.DataType): string {
  if (dtype === 'float32') return recorder.graph.float(value);
  const whole = recorder.graph.int32(value);
  return dtype === 'int32'
    ? whole
    : recorder.nameOf(recorder.emit('Cast', [whole], [], dtype, { to: { int: 9 } }));
}

/** A tensor of one value throughout; `like` gives its shape and type. */
const filled =
  (
    valueOf: (call: KernelCall) => number,
    like: (call: KernelCall) => { shape: number[]; dtype: tf.DataType },
  ): Lowering =>
  (call) => {
    const { recorder } = call;
    const { shape, dtype } = like(call);
    const constant = scalar(recorder, valueOf(call), dtype);
    return recorder.emit('Expand', [constant, recorder.graph.sizeVector(shape)], shape, dtype);
  };

const likeX = (call: KernelCall): tf.TensorInfo => input(call, 'x');

/** Rows of zeros with a one at each index. */
function oneHot(call: KernelCall): tf.TensorInfo {
  const { recorder, attributes } = call;
  const indices = input(call, 'indices');
  const depth = Number(attributes['depth']);
  const values = recorder.graph.floats([
    Number(attributes['offValue'] ?? 0),
    Number(attributes['onValue'] ?? 1),
  ]);
  const names = [recorder.nameOf(indices), recorder.graph.int32(depth), values];
  return recorder.emit('OneHot', names, [...indices.shape, depth], 'float32');
}

export const SHAPES = {
  Concat: concat,
  ExpandDims: expandDims,
  Fill: filled(
    ({ attributes }) => Number(attributes['value']),
    ({ attributes }) => attributes as { shape: number[]; dtype: tf.DataType },
  ),
  GatherV2: gather,
  Identity: identity,
  OneHot: oneHot,
  OnesLike: filled(() => 1, likeX),
  PadV2: pad,
  Reshape: reshape,
  RunAfter: runAfter,
  ScatterNd: scatterNd,
  Slice: slice,
  SplitV: split,
  Tile: tile,
  Transpose: transpose,
  UnsortedSegmentSum: unsortedSegmentSum,
  ZerosLike: filled(() => 0, likeX),
} satisfies Record<string, Lowering>;
