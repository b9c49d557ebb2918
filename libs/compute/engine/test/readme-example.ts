import { crossEntropy, linear, printGraph, record, startEngine, type Program } from '../src/index.js';
import type * as tf from '@tensorflow/tfjs-core';

// A function of named tensors, in tfjs operations. `rows` is a size that varies from run to run.
const classifier: Program = {
  name: 'classifier',
  inputs: [
    { name: 'x', shape: ['rows', 3], type: 'float32' },
    { name: 'targets', shape: ['rows', 2], type: 'float32' },
  ],
  parameters: [
    { name: 'weight', shape: [2, 3], type: 'float32' },
    { name: 'bias', shape: [2], type: 'float32' },
  ],
  gradientsOf: ['weight', 'bias'],
  compute: ({ x, targets, weight, bias }) => {
    const logits = linear(x as tf.Tensor2D, weight as tf.Tensor2D, bias as tf.Tensor1D);
    return { loss: crossEntropy(logits, targets as tf.Tensor2D) };
  },
};

// Parameters and gradients keep their places in memory, so they are bound once.
const weight = new Float32Array(6);
const gradient = new Float32Array(6);
const engine = await startEngine('onnxruntime', { threads: 2 });
const executable = await engine.compile(classifier, {
  fixedFeeds: { weight: { data: weight, shape: [2, 3] }, bias: { data: new Float32Array(2), shape: [2] } },
  fixedResults: { 'gradient:weight': { data: gradient, shape: [2, 3] } },
});

// One row, then two: the same session. Row 0 is of label 0, row 1 of label 1.
export const losses: number[] = [];
for (const rows of [1, 2]) {
  const results = await executable.run(
    {
      x: { data: Float32Array.of(1, 2, 3, -1, 0, 1).subarray(0, rows * 3), shape: [rows, 3] },
      targets: { data: Float32Array.of(1, 0, 0, 1).subarray(0, rows * 2), shape: [rows, 2] },
    },
    {},
  );
  losses.push(results['loss']?.[0] ?? 0); // ln 2 = 0.693 a row, since all weights are 0
}
export const trained = weight.map((value, i) => value - 0.1 * gradient[i]!); // 0.1 0.1 0.1 -0.1 -0.1 -0.1
await executable.dispose();

export const printed = printGraph(await record(classifier)); // what --dump-graph prints
