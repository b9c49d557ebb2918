/**
 * The rule of every kernel that can be recorded. It does not compile without one of those of `operations/`;
 * a kernel of tfjs that is not here is an error that names it.
 */
import { lowerHeadProduct } from '../operations/head-product.js';
import { lowerLayerNorm } from '../operations/layer-norm.js';
import { lowerAffine, lowerColumnSums, lowerProduct } from '../operations/product.js';
import { lowerRunAfter } from '../operations/recomputed.js';
import {
  binary,
  cast,
  clipByValue,
  rsqrt,
  select,
  square,
  squaredDifference,
  step,
  unary,
} from './elementwise.js';
import type { OwnLowerings } from './kernels.js';
import { batchMatMul } from './products.js';
import { max, mean, softmax, sum } from './reductions.js';
import * as shapes from './shapes.js';

export const LOWERINGS = {
  Abs: unary('Abs'),
  Add: binary('Add'),
  BatchMatMul: batchMatMul,
  Cast: cast,
  ClipByValue: clipByValue,
  Concat: shapes.concat,
  Equal: binary('Equal', 'bool'),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  ExpandDims: shapes.expandDims,
  Fill: shapes.fill,
  GatherV2: shapes.gather,
  Greater: binary('Greater', 'bool'),
  GreaterEqual: binary('GreaterOrEqual', 'bool'),
  Identity: shapes.identity,
  Less: binary('Less', 'bool'),
  LessEqual: binary('LessOrEqual', 'bool'),
  Log: unary('Log'),
  LogicalAnd: binary('And', 'bool'),
  LogicalNot: unary('Not'),
  Max: max,
  Maximum: binary('Max'),
  Mean: mean,
  Minimum: binary('Min'),
  Multiply: binary('Mul'),
  Neg: unary('Neg'),
  OneHot: shapes.oneHot,
  OnesLike: shapes.onesLike,
  PadV2: shapes.pad,
  Pow: binary('Pow'),
  RealDiv: binary('Div'),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Reshape: shapes.reshape,
  Rsqrt: rsqrt,
  ScatterNd: shapes.scatterNd,
  Select: select,
  Sigmoid: unary('Sigmoid'),
  Slice: shapes.slice,
  Softmax: softmax,
  SplitV: shapes.split,
  Sqrt: unary('Sqrt'),
  Square: square,
  SquaredDifference: squaredDifference,
  Step: step,
  Sub: binary('Sub'),
  Sum: sum,
  Tanh: unary('Tanh'),
  Tile: shapes.tile,
  Transpose: shapes.transpose,
  UnsortedSegmentSum: shapes.unsortedSegmentSum,
  ZerosLike: shapes.zerosLike,
  // Of our own.
  Affine: lowerAffine,
  ColumnSums: lowerColumnSums,
  HeadProduct: lowerHeadProduct,
  LayerNormalization: lowerLayerNorm,
  Product: lowerProduct,
  RunAfter: lowerRunAfter,
} satisfies OwnLowerings & Record<string, unknown>;
