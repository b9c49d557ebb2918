/**
 * Loads a built tfjs-node and compares what it computes with numbers worked out by hand.
 *
 *     node check.mjs PATH/TO/@tensorflow/tfjs-node
 *
 * Exit 0 and one line (TensorFlow's version, device, speed), or exit 1 and one sentence. `build.sh` runs it
 * before it installs a build, and on --check.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import util from 'node:util';

// TensorFlow reads this when its library is loaded. 2 keeps errors and drops information and warnings.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
// Node 23 removed isNullOrUndefined, and Node 22 warns of both; tfjs-node 4.22 calls them at every operation.
Object.assign(util, {
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: Array.isArray,
});

const packageFolder = resolve(process.argv[2]);

/** Each is [what, found, expected]; the expected values follow from the definitions. */
function results(tf) {
  const matrix = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  const e = Math.E;
  const loss = (x) => tf.sum(tf.mul(x, tf.square(x))); // Σ x³, whose gradient is 3x²
  const { value, grads } = tf.valueAndGrads(loss)([tf.tensor1d([1, 2, -3])]);
  return [
    ['matMul', tf.matMul(matrix, matrix, false, true), [14, 32, 32, 77]],
    ['softmax', tf.softmax(tf.tensor1d([0, 1, 1])), [1, e, e].map((term) => term / (1 + 2 * e))],
    ['gather', tf.gather(matrix, tf.tensor1d([1, 0, 1], 'int32')), [4, 5, 6, 1, 2, 3, 4, 5, 6]],
    ['topk', tf.topk(tf.tensor1d([2, 9, 4]), 2).values, [9, 4]],
    ['value', value, [-18]],
    ['gradient', grads[0], [3, 12, 27]],
  ].map(([what, tensor, expected]) => [what, [...tensor.dataSync()], expected]);
}

/** GFLOP/s of an n × n product, best of eight. */
function speed(tf, n) {
  const a = tf.randomNormal([n, n], 0, 1, 'float32', 1);
  let best = Infinity;
  for (let round = 0; round < 8; round += 1) {
    const start = performance.now();
    const product = tf.matMul(a, a);
    product.dataSync();
    best = Math.min(best, performance.now() - start);
    product.dispose();
  }
  return (2 * n ** 3) / best / 1e6;
}

try {
  const tf = createRequire(import.meta.url)(join(packageFolder, 'dist', 'index.js'));
  if (tf.getBackend() !== 'tensorflow') throw new Error(`the backend is ${tf.getBackend()}, not tensorflow`);
  for (const [what, found, expected] of results(tf)) {
    const isClose =
      found.length === expected.length &&
      found.every((x, i) => Math.abs(x - expected[i]) <= 1e-5 * (1 + Math.abs(expected[i])));
    if (!isClose) throw new Error(`${what} gave [${found}] where [${expected}] is right`);
  }
  const { binding, isGPUPackage, isUsingGpuDevice } = tf.backend();
  const device = isUsingGpuDevice ? 'GPU' : isGPUPackage ? 'CPU: it finds no GPU' : 'CPU';
  console.log(
    `tfjs-node: TensorFlow ${binding.TF_Version} works on Node ${process.versions.node} (${device}, ` +
      `matMul of 1,024 × 1,024: ${Math.round(speed(tf, 1024))} GFLOP/s).`,
  );
} catch (error) {
  console.error(`tfjs-node in ${packageFolder} does not work: ${error.message.split('\n')[0]}`);
  process.exitCode = 1;
}
