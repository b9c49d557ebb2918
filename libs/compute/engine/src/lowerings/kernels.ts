/**
 * Every kernel that can be recorded, with what it takes: tfjs' own by tfjs' types, and those of
 * `operations/`, which one ONNX operator does where tfjs takes several. The table of lowerings
 * (`lowerings.ts`) has a rule for each of them and for nothing else; a rule that is missing does not compile,
 * nor does one that asks for what its kernel does not have.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording/recorder.js';

interface Kernel<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attributes: Attributes;
}

/** A kernel with these inputs by name. */
type Of<Names extends string, Attributes = object> = Kernel<
  Readonly<Record<Names, tf.TensorInfo>>,
  Attributes
>;

/** Kernels of one input that compute element by element. */
type UnaryName =
  | 'Abs'
  | 'Erf'
  | 'Exp'
  | 'Log'
  | 'LogicalNot'
  | 'Neg'
  | 'Reciprocal'
  | 'Relu'
  | 'Rsqrt'
  | 'Sigmoid'
  | 'Sqrt'
  | 'Square'
  | 'Tanh';

/** Kernels of two inputs that compute element by element, and broadcast. */
type BinaryName =
  | 'Add'
  | 'Equal'
  | 'Greater'
  | 'GreaterEqual'
  | 'Less'
  | 'LessEqual'
  | 'LogicalAnd'
  | 'Maximum'
  | 'Minimum'
  | 'Multiply'
  | 'Pow'
  | 'RealDiv'
  | 'SquaredDifference'
  | 'Sub';

export interface Kernels extends Record<UnaryName, Of<'x'>>, Record<BinaryName, Of<'a' | 'b'>> {
  readonly BatchMatMul: Of<'a' | 'b', tf.BatchMatMulAttrs>;
  readonly Cast: Of<'x', tf.CastAttrs>;
  readonly ClipByValue: Of<'x', tf.ClipByValueAttrs>;
  readonly Concat: Kernel<readonly tf.TensorInfo[], tf.ConcatAttrs>;
  readonly ExpandDims: Of<'input', tf.ExpandDimsAttrs>;
  readonly Fill: Of<never, tf.FillAttrs>;
  readonly GatherV2: Of<'x' | 'indices', tf.GatherV2Attrs>;
  readonly Identity: Of<'x'>;
  readonly Max: Of<'x', tf.MaxAttrs>;
  readonly Mean: Of<'x', tf.MeanAttrs>;
  readonly OneHot: Of<'indices', tf.OneHotAttrs>;
  readonly OnesLike: Of<'x'>;
  readonly PadV2: Of<'x', tf.PadV2Attrs>;
  readonly Reshape: Of<'x', tf.ReshapeAttrs>;
  readonly ScatterNd: Of<'indices' | 'updates', tf.ScatterNdAttrs>;
  readonly Select: Of<'condition' | 't' | 'e'>;
  readonly Slice: Of<'x', tf.SliceAttrs>;
  readonly Softmax: Of<'logits', tf.SoftmaxAttrs>;
  readonly SplitV: Of<'x', tf.SplitVAttrs>;
  readonly Step: Of<'x', tf.StepAttrs>;
  readonly Sum: Of<'x', tf.SumAttrs>;
  readonly Tile: Of<'x', tf.TileAttrs>;
  readonly Transpose: Of<'x', tf.TransposeAttrs>;
  readonly UnsortedSegmentSum: Of<'x' | 'segmentIds', tf.UnsortedSegmentSumAttrs>;
  readonly ZerosLike: Of<'x'>;
  // Of our own: each operation's file says what it computes.
  readonly Affine: Of<'x' | 'weight' | 'bias', { readonly scale: number }>;
  readonly ColumnSums: Of<'x', { readonly scale: number }>;
  readonly HeadProduct: Of<
    'a' | 'b',
    {
      readonly transposeA: boolean;
      readonly transposeB: boolean;
      readonly timeMajorA: boolean;
      readonly timeMajorB: boolean;
      readonly scale: number;
      readonly shape: readonly number[];
    }
  >;
  readonly LayerNormalization: Of<'x' | 'gain' | 'bias', { readonly epsilon: number }>;
  readonly Product: Of<
    'a' | 'b',
    { readonly transposeA: boolean; readonly transposeB: boolean; readonly scale: number }
  >;
  readonly RunAfter: Of<'x' | 'signal'>;
}

export type KernelName = keyof Kernels;

/** What a kernel is called with. */
interface Call<Taken> {
  readonly recorder: RecordingBackend;
  readonly inputs: Taken extends Kernel<infer Inputs, unknown> ? Inputs : never;
  readonly attributes: Taken extends Kernel<unknown, infer Attributes> ? Attributes : never;
}

export type KernelCall<Name extends KernelName> = Call<Kernels[Name]>;

/** One kernel told in ONNX operators. */
export type Lowering<Name extends KernelName> = (call: KernelCall<Name>) => tf.TensorInfo | tf.TensorInfo[];

/** Asks tfjs to run a kernel of `operations/` on the recorder, which gives what its lowering gives. */
export function recordKernel<Name extends KernelName>(
  name: Name,
  inputs: Kernels[Name]['inputs'],
  attributes: Kernels[Name]['attributes'],
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
