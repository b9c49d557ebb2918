/**
 * What matrix products reach on this machine: one plain MatMul of onnxruntime, big and square, by itself. Prints one JSON object.
 *
 *   node tools/bench/src/matmul-peak.mjs SIZE THREADS FOLDER
 *
 * FOLDER receives onnxruntime's profile, from which the operator's own time is taken: the copy of its result is no part of it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { startEngine } from '@layerwise/engine';
import { profileIn } from './profile-folder.mjs';

const WARM_UP = 2;
const RUNS = 10;

const [size = 0, threads = 1] = process.argv.slice(2, 4).map(Number);
const folder = process.argv[4] ?? '';
const shape = [size, size];
const numbers = () => Float32Array.from({ length: size * size }, (_, place) => (place % 7) - 3);
const engine = await startEngine('onnxruntime', 'cpu', threads, folder);
const executable = await engine.compile(
  {
    name: 'product',
    inputs: ['a', 'b'].map((name) => ({ name, shape, type: 'float32' })),
    parameters: [],
    gradientsOf: [],
    compute: ({ a, b }) => ({ c: tf.matMul(/** @type {tf.Tensor2D} */ (a), /** @type {tf.Tensor2D} */ (b)) }),
  },
  { fixedFeeds: {}, fixedResults: {}, threads },
);
const feeds = { a: { data: numbers(), shape }, b: { data: numbers(), shape } };
const into = { c: { data: new Float32Array(size * size), shape } };
for (let run = 0; run < WARM_UP + RUNS; run++) await executable.run(feeds, into);
await executable.dispose();
const [product] = profileIn(folder, WARM_UP).products;
if (product === undefined) throw new Error('The profile holds no matrix product.');
console.log(JSON.stringify({ size, threads, ms: product.ms, gflops: product.operations / product.ms / 1e6 }));
