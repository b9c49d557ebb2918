/**
 * t-SNE by tsne-js, in a worker thread (`worker/tsne-js.mjs`) because it draws from Math.random, which must
 * not be replaced here. Many times slower than druid's; it may stop before its last step, once it gets no
 * better. Unlike the paper, its affinities fall with the distance, not with its square.
 */
import { Worker } from 'node:worker_threads';
import type { Projector } from './projector.js';
import { stepLines } from './ticker.js';
import { unitScale } from './unit-scale.js';

export const defaultIterations = 1000;

export const tsneJs: Projector = async (vectors, options, { progress, signal }) => {
  const { seed, perplexity, iterations = defaultIterations } = options;
  const { size } = vectors;
  const scaled = unitScale(vectors);
  const rows = Array.from({ length: vectors.rows }, (_, row) =>
    Array.from(scaled.subarray(row * size, (row + 1) * size)),
  );
  const worker = new Worker(new URL('../worker/tsne-js.mjs', import.meta.url), {
    workerData: { rows, seed, perplexity, iterations },
  });
  const say = stepLines('t-SNE, step', iterations, progress);
  const stopped = new AbortController();
  try {
    return await new Promise<Float64Array>((resolve, reject) => {
      worker.on('message', (message: number | Float64Array) => {
        if (typeof message === 'number') say(message);
        else resolve(message);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`the worker of tsne-js ended early, with ${code}`)));
      signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: stopped.signal });
    });
  } finally {
    stopped.abort();
    await worker.terminate();
  }
};
