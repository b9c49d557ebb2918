/**
 * What matrix products take in onnxruntime on this machine, each by itself. Prints one JSON object:
 * milliseconds of each, medians.
 *
 *   node tools/bench/src/products.mjs '{"products": [{"m", "k", "n", "transposeA", "transposeB"}],
 *   "threads"}' FOLDER
 *
 * A product is of [m, k] and [k, n], either of them lying in memory transposed. FOLDER receives onnxruntime's
 * profiles, from which the operator's own time is taken: the copy of its result is no part of it. PyTorch's
 * side of it is torch_products.py.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { startEngine } from '@layerwise/engine';
import { profileIn } from './profile-folder.mjs';

/** @typedef {{m: number, k: number, n: number, transposeA: boolean, transposeB: boolean}} Product */

const WARM_UP = 2;
const RUNS = 10;

/** @type {{products: Product[], threads: number}} */
const { products, threads } = JSON.parse(process.argv[2] ?? '');
const parent = process.argv[3] ?? '';
const times = [];
for (const [place, product] of products.entries()) times.push(await timeOf(product, String(place)));
console.log(JSON.stringify({ ms: times }));

/**
 * @param {Product} product
 * @param {string} name of its profile's folder
 * @returns {Promise<number>} milliseconds
 */
async function timeOf({ m, k, n, transposeA, transposeB }, name) {
  const folder = join(parent, name);
  mkdirSync(folder);
  const shapes = { a: transposeA ? [k, m] : [m, k], b: transposeB ? [n, k] : [k, n] };
  const engine = await startEngine('onnxruntime', { threads, profile: folder });
  const executable = await engine.compile(
    {
      name: 'product',
      inputs: Object.entries(shapes).map(([input, shape]) => ({ name: input, shape, type: 'float32' })),
      parameters: [],
      gradientsOf: [],
      compute: ({ a, b }) => ({
        c: tf.matMul(/** @type {tf.Tensor2D} */ (a), /** @type {tf.Tensor2D} */ (b), transposeA, transposeB),
      }),
    },
    { fixedFeeds: {}, fixedResults: {} },
  );
  const feeds = { a: filled(shapes.a), b: filled(shapes.b) };
  const into = { c: { data: new Float32Array(m * n), shape: [m, n] } };
  for (let run = 0; run < WARM_UP + RUNS; run++) await executable.run(feeds, into);
  await executable.dispose();
  const [part] = profileIn(folder, WARM_UP).products;
  if (part === undefined) throw new Error('The profile holds no matrix product.');
  return part.ms;
}

/** @param {number[]} shape */
function filled(shape) {
  const size = shape.reduce((product, side) => product * side, 1);
  return { data: Float32Array.from({ length: size }, (_, place) => (place % 7) - 3), shape };
}
