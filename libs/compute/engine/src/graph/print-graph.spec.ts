import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { printGraph } from './print-graph.js';
import type { Program } from '../recording/program.js';
import { record } from '../recording/record.js';

const program: Program = {
  name: 'small',
  inputs: [
    { name: 'x', shape: ['rows', 4], type: 'float32' },
    { name: 'table', shape: [9, 4], type: 'float32' },
    { name: 'picked', shape: ['rows', 'places'], type: 'int32' },
  ],
  parameters: [{ name: 'weight', shape: [3, 4], type: 'float32' }],
  gradientsOf: [],
  compute: ({ x, table, picked, weight }) => {
    const product = tf.relu(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D, false, true));
    return {
      product: tf.mul(product, 0.5),
      looked: tf.reshape(tf.gather(table!, picked as tf.Tensor2D), [-1, 2]),
    };
  },
};

it('prints every operator with its types, attributes and symbolic sizes', async () => {
  expect(printGraph(await record(program))).toMatchInlineSnapshot(`
    "graph small
    inputs
      x: float32[rows, 4]
      table: float32[9, 4]
      picked: int32[rows, places]
      weight: float32[3, 4]
    constants
      c0: float32[] = {0.5}
      c1: int64[2] = {-1, 2}
    operators
      t0: float32[rows, 3] = Gemm(x, weight) {transA: 0, transB: 1, alpha: 1}
      t1: float32[rows, 3] = Relu(t0)
      t2: float32[rows, 3] = Mul(t1, c0)
      t3: float32[rows, places, 4] = Gather(table, picked) {axis: 0}
      t4: float32[2·rows·places, 2] = Reshape(t3, c1)
      product: float32[rows, 3] = Identity(t2)
      looked: float32[2·rows·places, 2] = Identity(t4)
    outputs
      product: float32[rows, 3]
      looked: float32[2·rows·places, 2]
    "
  `);
});
