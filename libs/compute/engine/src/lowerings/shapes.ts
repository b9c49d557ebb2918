/** Kernels that move values without computing: reshape, transpose, slice, pad, gather, scatter, fill. */
import * as tf from '@tensorflow/tfjs-core';
import type { Lowering } from './kernels.js';
import type { RecordingBackend } from '../recording/recorder.js';

/** The kernels that only give a tensor another shape. */
function reshaped(recorder: RecordingBackend, x: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo {
  const names = [recorder.nameOf(x), recorder.graph.shapeVector(shape, x.shape)];
  return recorder.emit('Reshape', names, shape, x.dtype);
}

export const reshape: Lowering<'x', tf.ReshapeAttrs> = ({ recorder, inputs: { x }, attributes: { shape } }) =>
  reshaped(recorder, x, tf.util.inferFromImplicitShape(shape, tf.util.sizeFromShape(x.shape)));

export const expandDims: Lowering<'input', tf.ExpandDimsAttrs> = ({ recorder, inputs, attributes }) => {
  const [x, { dim }] = [inputs.input, attributes];
  return reshaped(recorder, x, x.shape.toSpliced(dim < 0 ? x.shape.length + 1 + dim : dim, 0, 1));
};

export const identity: Lowering<'x'> = ({ recorder, inputs }) => {
  const { dataId, shape, dtype } = inputs.x;
  recorder.incRef(dataId);
  return { dataId, shape, dtype };
};

export const transpose: Lowering<'x', tf.TransposeAttrs> = ({ recorder, inputs: { x }, attributes }) => {
  const { perm } = attributes;
  const shape = perm.map((axis) => x.shape[axis]!);
  return recorder.emit('Transpose', [x], shape, x.dtype, { perm: { ints: perm } });
};

export const slice: Lowering<'x', tf.SliceAttrs> = ({ recorder, inputs: { x }, attributes }) => {
  const cut = tf.slice_util.parseSliceParams(x, attributes.begin, attributes.size);
  const [begin, size] = cut as [number[], number[]];
  const end = begin.map((start, axis) => start + size[axis]!);
  const { graph } = recorder;
  const axes = graph.int64s(begin.map((_, axis) => axis));
  const names = [recorder.nameOf(x), graph.sizeVector(begin), graph.sizeVector(end), axes];
  return recorder.emit('Slice', names, size, x.dtype);
};

export const pad: Lowering<'x', tf.PadV2Attrs> = ({ recorder, inputs: { x }, attributes }) => {
  const { paddings, constantValue } = attributes;
  const amounts = recorder.graph.sizeVector([0, 1].flatMap((side) => paddings.map((pair) => pair[side]!)));
  const shape = x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]);
  const value = recorder.graph.float(constantValue);
  return recorder.emit('Pad', [recorder.nameOf(x), amounts, value], shape, x.dtype);
};

export const tile: Lowering<'x', tf.TileAttrs> = ({ recorder, inputs: { x }, attributes: { reps } }) => {
  const shape = x.shape.map((size, axis) => size * reps[axis]!);
  return recorder.emit('Tile', [recorder.nameOf(x), recorder.graph.sizeVector(reps)], shape, x.dtype);
};

/** The one axis that a kernel works along, from the front. */
function axisOf({ axis }: { readonly axis: number }, shape: number[]): number {
  return tf.util.parseAxisParam(axis, shape)[0]!;
}

export const concat: Lowering<string, tf.ConcatAttrs> = ({ recorder, inputs, attributes }) => {
  const tensors = Object.values(inputs);
  const { shape: first, dtype } = tensors[0]!; // tfjs refuses an empty list
  const axis = axisOf(attributes, first);
  const shapes = tensors.map((tensor) => tensor.shape);
  const shape = tf.backend_util.computeOutShape(shapes, axis);
  return recorder.emit('Concat', tensors, shape, dtype, { axis: { int: axis } });
};

/** The gradient of a concatenation. */
export const split: Lowering<'x', tf.SplitVAttrs> = ({ recorder, inputs: { x }, attributes }) => {
  const axis = axisOf(attributes, x.shape);
  const sizes = tf.backend_util.prepareSplitSize(x, attributes.numOrSizeSplits, axis);
  const shapes = sizes.map((size) => x.shape.with(axis, size));
  return recorder.emitMany('Split', [recorder.nameOf(x), recorder.graph.sizeVector(sizes)], shapes, {
    axis: { int: axis },
  });
};

export const gather: Lowering<'x' | 'indices', tf.GatherV2Attrs> = ({
  recorder,
  inputs: { x, indices },
  attributes,
}) => {
  const axis = axisOf(attributes, x.shape);
  const shape = x.shape.toSpliced(axis, 1, ...indices.shape);
  return recorder.emit('Gather', [x, indices], shape, x.dtype, {
    axis: { int: axis },
  });
};

/** The gradient of gather: rows of `x` added up by their segment. */
export const unsortedSegmentSum: Lowering<'x' | 'segmentIds', tf.UnsortedSegmentSumAttrs> = ({
  recorder,
  inputs,
  attributes,
}) => {
  const { x, segmentIds } = inputs;
  const count = segmentIds.shape[0]!;
  const names = [recorder.nameOf(segmentIds), recorder.graph.shapeVector([count, 1], segmentIds.shape)];
  const column = recorder.emit('Reshape', names, [count, 1], 'int32');
  return addedUp(recorder, [attributes.numSegments, ...x.shape.slice(1)], column, x);
};

/** Rows added up by indices [n, 1] into zeros. */
export const scatterNd: Lowering<'indices' | 'updates', tf.ScatterNdAttrs> = ({
  recorder,
  inputs,
  attributes: { shape },
}) => addedUp(recorder, shape, inputs.indices, inputs.updates);

function addedUp(
  recorder: RecordingBackend,
  shape: number[],
  places: tf.TensorInfo,
  rows: tf.TensorInfo,
): tf.TensorInfo {
  const zeros = filled(recorder, 0, shape, 'float32');
  // ONNX' type number 7 is int64, which ScatterND wants; the cast keeps tfjs' type because tfjs has no int64.
  const indices = recorder.emit('Cast', [places], places.shape, 'int32', { to: { int: 7 } });
  return recorder.emit('ScatterND', [zeros, indices, rows], shape, 'float32', {
    reduction: { string: 'add' },
  });
}

/** A tensor of one value throughout. */
function filled(
  recorder: RecordingBackend,
  value: number,
  shape: readonly number[],
  dtype: tf.DataType,
): tf.TensorInfo {
  const constant = scalar(recorder, value, dtype);
  return recorder.emit('Expand', [constant, recorder.graph.sizeVector(shape)], shape, dtype);
}

/** A constant of one of ONNX' element types; its type number 9 is bool. */
function scalar(recorder: RecordingBackend, value: number, dtype: tf.DataType): string {
  if (dtype === 'float32') return recorder.graph.float(value);
  const whole = recorder.graph.int32(value);
  return dtype === 'int32'
    ? whole
    : recorder.nameOf(recorder.emit('Cast', [whole], [], dtype, { to: { int: 9 } }));
}

export const fill: Lowering<never, tf.FillAttrs> = ({ recorder, attributes: { shape, value, dtype } }) =>
  filled(recorder, Number(value), shape, dtype);

export const onesLike: Lowering<'x'> = ({ recorder, inputs: { x } }) => filled(recorder, 1, x.shape, x.dtype);

export const zerosLike: Lowering<'x'> = ({ recorder, inputs: { x } }) =>
  filled(recorder, 0, x.shape, x.dtype);

/** Rows of zeros with a one at each index. */
export const oneHot: Lowering<'indices', tf.OneHotAttrs> = ({
  recorder,
  inputs: { indices },
  attributes,
}) => {
  const { depth, offValue, onValue } = attributes;
  const { graph } = recorder;
  const values = graph.floats([offValue, onValue]);
  const names = [recorder.nameOf(indices), graph.int32(depth), values];
  return recorder.emit('OneHot', names, [...indices.shape, depth], 'float32');
};
