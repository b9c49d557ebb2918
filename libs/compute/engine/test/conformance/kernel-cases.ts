/**
 * Cases of every kernel that can be recorded, by kernel: `coverage.spec.ts` holds this table to the
 * lowerings.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Case, CaseInput } from './case.js';
import { operationCase } from './operation-cases.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;

const real = (...shape: CaseInput['shape']): CaseInput => ({ shape, fill: 'real' });
const positive = (...shape: CaseInput['shape']): CaseInput => ({ shape, fill: 'positive' });
const indices = (below: number | 'n' | 'm', ...shape: CaseInput['shape']): CaseInput => ({
  shape,
  fill: { below },
});

const smooth = (
  name: string,
  inputs: Case['inputs'],
  result: Case['result'],
  compute: (tensors: Tensors) => tf.Tensor,
): Case => ({ name, inputs, result, compute, differentiable: true });

const discrete = (...args: Parameters<typeof smooth>): Case => ({
  ...smooth(...args),
  differentiable: false,
});

/** A function of one tensor. */
const unary = (name: string, f: (x: tf.Tensor) => tf.Tensor, x = real('n', 3)): Case[] => [
  smooth(name, { x }, ['n', 3], ({ x }) => f(x!)),
];

/**
 * A function of two tensors: equal shapes, a row, a column beside a row, and a scalar. `broadcast` makes the
 * last four: tfjs differentiates some functions only where the shapes are equal.
 */
function binary(
  name: string,
  f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  fill: 'real' | 'positive' = 'real',
  broadcast: typeof smooth = smooth,
): Case[] {
  const compute = ({ a, b }: Tensors): tf.Tensor => f(a!, b!);
  const tensor = (...shape: CaseInput['shape']): CaseInput => ({ shape, fill });
  return [
    smooth(`${name} of equal shapes`, { a: tensor('n', 3), b: tensor('n', 3) }, ['n', 3], compute),
    broadcast(`${name} with a row`, { a: tensor('n', 3), b: tensor(3) }, ['n', 3], compute),
    broadcast(`${name} with a row before`, { a: tensor(3), b: tensor('n', 3) }, ['n', 3], compute),
    broadcast(`${name} of a column and a row`, { a: tensor('n', 1), b: tensor(1, 5) }, ['n', 5], compute),
    broadcast(`${name} with a scalar`, { a: tensor('n', 'm'), b: tensor() }, ['n', 'm'], compute),
  ];
}

/** A comparison of whole numbers, which are often equal. */
const comparison = (name: string, f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Case[] => [
  discrete(
    name,
    { a: indices(3, 'n', 'm'), b: indices(3, 'm'), witness: real('n') },
    ['n', 'm'],
    ({ a, b }) => f(a!, b!),
  ),
  discrete(`${name} of reals`, { a: real('n', 3), b: real(3) }, ['n', 3], ({ a, b }) => f(a!, b!)),
];

const product = (transposeA: boolean, transposeB: boolean, batch: CaseInput['shape']): Case => {
  const a = real(...batch, ...(transposeA ? [4, 'n'] : ['n', 4]));
  const b = real(...batch, ...(transposeB ? ['m', 4] : [4, 'm']));
  const marks = `${transposeA ? 'aᵀ' : 'a'} ${transposeB ? 'bᵀ' : 'b'}`;
  return smooth(`matMul ${marks} of rank ${batch.length + 2}`, { a, b }, [...batch, 'n', 'm'], (t) =>
    tf.matMul(t['a']!, t['b']!, transposeA, transposeB),
  );
};

const flags = [false, true] as const;

export const KERNEL_CASES: Readonly<Record<string, readonly Case[]>> = {
  Abs: unary('abs', (x) => tf.abs(x)),
  Add: binary('add', (a, b) => tf.add(a, b)),
  Cast: [
    smooth('cast of whole numbers', { a: indices(9, 'n'), b: real('n') }, ['n'], ({ a, b }) =>
      tf.mul(tf.cast(a!, 'float32'), b!),
    ),
    discrete('cast to whole numbers', { x: real('n', 3) }, ['n', 3], ({ x }) => tf.cast(x!, 'int32')),
    discrete('cast to truth', { x: indices(2, 'n') }, ['n'], ({ x }) => tf.cast(x!, 'bool')),
  ],
  ClipByValue: unary('clipByValue', (x) => tf.clipByValue(x, -0.7, 1.1)),
  Equal: comparison('equal', (a, b) => tf.equal(a, b)),
  Erf: unary('erf', (x) => tf.erf(x)),
  Exp: unary('exp', (x) => tf.exp(x)),
  Greater: comparison('greater', (a, b) => tf.greater(a, b)),
  GreaterEqual: comparison('greaterEqual', (a, b) => tf.greaterEqual(a, b)),
  Less: comparison('less', (a, b) => tf.less(a, b)),
  LessEqual: comparison('lessEqual', (a, b) => tf.lessEqual(a, b)),
  Log: unary('log', (x) => tf.log(x), positive('n', 3)),
  LogicalAnd: [
    discrete('logicalAnd', { x: real('n', 3) }, ['n', 3], ({ x }) =>
      tf.logicalAnd(tf.greater(x!, -1), tf.less(x!, 1)),
    ),
  ],
  LogicalNot: [
    discrete('logicalNot', { x: real('n', 3) }, ['n', 3], ({ x }) => tf.logicalNot(tf.greater(x!, 0))),
  ],
  Maximum: binary('maximum', (a, b) => tf.maximum(a, b), 'real', discrete),
  Minimum: binary('minimum', (a, b) => tf.minimum(a, b), 'real', discrete),
  Multiply: binary('mul', (a, b) => tf.mul(a, b)),
  Neg: unary('neg', (x) => tf.neg(x)),
  Pow: [...binary('pow', (a, b) => tf.pow(a, b), 'positive'), ...unary('cube', (x) => tf.pow(x, 3))],
  RealDiv: binary('div', (a, b) => tf.div(a, b), 'positive'),
  Reciprocal: unary('reciprocal', (x) => tf.reciprocal(x), positive('n', 3)),
  Relu: unary('relu', (x) => tf.relu(x)),
  Rsqrt: unary('rsqrt', (x) => tf.rsqrt(x), positive('n', 3)),
  Select: [
    smooth('where', { i: indices(2, 'n', 3), a: real('n', 3), b: real('n', 3) }, ['n', 3], ({ i, a, b }) =>
      tf.where(tf.cast(i!, 'bool'), a!, b!),
    ),
  ],
  Sigmoid: unary('sigmoid', (x) => tf.sigmoid(x)),
  Sqrt: unary('sqrt', (x) => tf.sqrt(x), positive('n', 3)),
  Square: unary('square', (x) => tf.square(x)),
  SquaredDifference: binary('squaredDifference', (a, b) => tf.squaredDifference(a, b), 'real', discrete),
  Step: [
    discrete('step', { x: real('n', 3) }, ['n', 3], ({ x }) => tf.step(x!)),
    discrete('step with a slope', { x: real('n', 3) }, ['n', 3], ({ x }) => tf.step(x!, -0.3)),
  ],
  Sub: binary('sub', (a, b) => tf.sub(a, b)),
  Tanh: unary('tanh', (x) => tf.tanh(x)),

  BatchMatMul: [
    ...flags.flatMap((a) => flags.map((b) => product(a, b, []))),
    ...flags.flatMap((a) => flags.map((b) => product(a, b, [2]))),
    product(false, true, [2, 3]),
  ],
  Affine: [operationCase('linear'), operationCase('geluLayers')],
  ColumnSums: [operationCase('linear'), operationCase('layerNorm')],
  HeadProduct: [operationCase('headProduct')],
  LayerNormalization: [operationCase('layerNorm')],
  Product: [operationCase('linear'), operationCase('geluLayers')],
  RunAfter: [operationCase('recomputed')],

  Max: [
    smooth('max', { x: real('n', 5) }, ['n'], ({ x }) => tf.max(x!, 1)),
    smooth('max of columns', { x: real('n', 5) }, [1, 5], ({ x }) => tf.max(x!, 0, true)),
    discrete('max of whole numbers', { x: indices(50, 'n', 'm') }, ['m'], ({ x }) => tf.max(x!, 0)),
  ],
  Mean: [
    smooth('mean', { x: real('n', 5) }, ['n'], ({ x }) => tf.mean(x!, 1)),
    smooth('mean, kept', { x: real('n', 5) }, ['n', 1], ({ x }) => tf.mean(x!, -1, true)),
    discrete('mean over a symbolic axis', { x: real('n', 5) }, [5], ({ x }) => tf.mean(x!, 0)),
  ],
  Softmax: [
    smooth('logSoftmax', { x: real('n', 5) }, ['n', 5], ({ x }) => tf.mul(tf.softmax(x!), tf.logSoftmax(x!))),
    smooth('softmax', { x: real('n', 5) }, ['n', 5], ({ x }) => tf.softmax(x!)),
    smooth('softmax of a symbolic row', { x: real(3, 'n') }, [3, 'n'], ({ x }) => tf.softmax(x!)),
  ],
  Sum: [
    smooth('sum', { x: real('n', 5) }, [], ({ x }) => tf.sum(x!)),
    smooth('sum of rows', { x: real('n', 5) }, ['n', 1], ({ x }) => tf.sum(x!, -1, true)),
    smooth('sum of columns', { x: real('n', 5) }, [5], ({ x }) => tf.sum(x!, 0)),
    smooth('sum over two axes', { x: real(2, 'n', 3) }, [3], ({ x }) => tf.sum(x!, [0, 1])),
    discrete('sum of whole numbers', { x: indices(9, 'n', 'm') }, ['n'], ({ x }) => tf.sum(x!, 1)),
  ],

  Concat: [
    smooth('concat of columns', { a: real('n', 2), b: real('n', 3) }, ['n', 5], ({ a, b }) =>
      tf.concat([a!, b!], 1),
    ),
    smooth('concat of rows', { a: real('n', 2), b: real('n', 2) }, ['2*n', 2], ({ a, b }) =>
      tf.concat([a!, b!], 0),
    ),
  ],
  ExpandDims: [
    smooth('expandDims', { x: real('n', 'm') }, ['n', 1, 'm'], ({ x }) => tf.expandDims(x!, 1)),
    smooth('expandDims at the end', { x: real('n', 3) }, ['n', 3, 1], ({ x }) => tf.expandDims(x!, -1)),
  ],
  Fill: [
    smooth('fill', { x: real('n', 3) }, ['n', 3], ({ x }) => tf.mul(x!, tf.fill(x!.shape, 0.25))),
    discrete('fill of whole numbers', { i: indices(9, 'n') }, ['n'], ({ i }) =>
      tf.add(i!, tf.fill(i!.shape, 3, 'int32')),
    ),
  ],
  GatherV2: [
    smooth('gather of rows', { x: real('n', 3), i: indices('n', 'm') }, ['m', 3], ({ x, i }) =>
      tf.gather(x!, i as tf.Tensor1D),
    ),
    smooth('gather by a matrix', { x: real('n', 3), i: indices('n', 'm', 2) }, ['m', 2, 3], ({ x, i }) =>
      tf.gather(x!, i as tf.Tensor2D),
    ),
    smooth('gather of columns', { x: real('n', 3), i: indices(3, 'm') }, ['n', 'm'], ({ x, i }) =>
      tf.gather(x!, i as tf.Tensor1D, 1),
    ),
  ],
  Identity: unary('clone', (x) => tf.mul(tf.clone(x), x)),
  OneHot: [
    discrete('oneHot', { i: indices(5, 'n') }, ['n', 5], ({ i }) => tf.oneHot(i!, 5)),
    discrete('oneHot of two values', { i: indices(5, 'n') }, ['n', 5], ({ i }) => tf.oneHot(i!, 5, 3, -2)),
  ],
  OnesLike: [
    ...unary('onesLike', (x) => tf.add(tf.onesLike(x), x)),
    discrete('onesLike of whole numbers', { i: indices(9, 'n') }, ['n'], ({ i }) =>
      tf.add(i!, tf.onesLike(i!)),
    ),
  ],
  PadV2: [
    smooth('pad', { x: real('n', 3) }, ['n', 6], ({ x }) =>
      tf.pad(
        x!,
        [
          [0, 0],
          [2, 1],
        ],
        0.5,
      ),
    ),
  ],
  Reshape: [
    smooth('reshape of a symbolic size', { x: real('n', 6) }, ['2*n', 3], ({ x }) => tf.reshape(x!, [-1, 3])),
    smooth('reshape of two symbolic sizes', { x: real('n', 'm', 4) }, ['n*m', 2, 2], ({ x }) =>
      tf.reshape(x!, [-1, 2, 2]),
    ),
    smooth('reshape back', { x: real('n*m', 4), shaped: real('n', 'm') }, ['n', 'm', 4], ({ x, shaped }) =>
      tf.mul(tf.reshape(x!, [...shaped!.shape, 4]), tf.expandDims(shaped!, -1)),
    ),
  ],
  Slice: [
    smooth('slice of columns', { x: real('n', 5) }, ['n', 2], ({ x }) => tf.slice(x!, [0, 1], [-1, 2])),
    smooth('slice of two axes', { x: real('n', 3, 5) }, ['n', 2, 3], ({ x }) =>
      tf.slice(x!, [0, 1, 2], [-1, 2, 3]),
    ),
  ],
  ScatterNd: [
    discrete('scatterND', { x: real('n', 3), i: indices(4, 'n') }, [4, 3], ({ x, i }) =>
      tf.scatterND(tf.expandDims(i!, 1), x!, [4, 3]),
    ),
  ],
  SplitV: [
    smooth('split', { x: real('n', 6) }, ['n', 2], ({ x }) => {
      const [a, b] = tf.split(x!, [2, 4], 1);
      return tf.mul(a!, tf.slice(b!, [0, 1], [-1, 2]));
    }),
  ],
  Tile: [
    smooth('tile of columns', { x: real('n', 3) }, ['n', 6], ({ x }) => tf.tile(x!, [1, 2])),
    smooth('tile of rows', { x: real('n', 3) }, ['2*n', 3], ({ x }) => tf.tile(x!, [2, 1])),
  ],
  Transpose: [
    smooth('transpose', { x: real('n', 3, 'm') }, ['m', 'n', 3], ({ x }) => tf.transpose(x!, [2, 0, 1])),
    smooth('transpose of a matrix', { x: real('n', 3) }, [3, 'n'], ({ x }) => tf.transpose(x!)),
  ],
  UnsortedSegmentSum: [
    smooth('unsortedSegmentSum', { x: real('n', 3), i: indices(4, 'n') }, [4, 3], ({ x, i }) =>
      tf.unsortedSegmentSum(x!, i as tf.Tensor1D, 4),
    ),
  ],
  ZerosLike: unary('zerosLike', (x) => tf.add(tf.zerosLike(x), x)),
};
