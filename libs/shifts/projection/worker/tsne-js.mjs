/**
 * The worker of `tsne-js.ts`: t-SNE by tsne-js, which draws from Math.random alone. A worker has globals of
 * its own, so that here, and only here, Math.random can be a seeded generator.
 *
 * Plain JavaScript beside `src/` and `dist/`: a worker is started from a file, and this one lies at the same
 * place for both.
 *
 * Gets `{ rows: number[][], seed, perplexity, iterations }`; posts the number of every step, then the points
 * (Float64Array [rows, 2]).
 */
import { parentPort, workerData } from 'node:worker_threads';
import { mersenne } from 'pure-rand/generator/mersenne';

const { rows, seed, perplexity, iterations } = workerData;
const random = mersenne(seed);
Math.random = () => (random.next() >>> 0) / 2 ** 32;

const { default: TSNE } = await import('tsne-js');
const tsne = new TSNE({ dim: 2, perplexity, nIter: iterations, learningRate: 50 });
tsne.on('progressIter', ([step]) => parentPort.postMessage(step + 1));
tsne.init({ data: rows, type: 'dense' });
tsne.run();
const points = Float64Array.from(tsne.getOutput().flat());
parentPort.postMessage(points, [points.buffer]);
