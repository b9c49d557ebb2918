/**
 * t-SNE by druidjs: the exact algorithm of van der Maaten and Hinton (2008), its steps in WebAssembly. Its
 * random start is seeded; nothing else in it is random. Time and memory grow with the square of the rows.
 */
import type { Projector } from './projector.js';
import { ticker } from './ticker.js';
import { unitScale } from './unit-scale.js';

export const defaultIterations = 1000;

/** As scikit-learn's "auto": rows / exaggeration / 4, at least 50; druid exaggerates 4 times at first. */
const learningRate = (rows: number): number => Math.max(50, rows / 16);

export const druid: Projector = async (vectors, options, watcher) => {
  const { Matrix, TSNE } = await import('@saehrimnir/druidjs');
  const { rows, size } = vectors;
  const { seed, perplexity, iterations = defaultIterations } = options;
  const scaled = unitScale(vectors);
  const matrix = new Matrix(rows, size, (row, i) => scaled[row * size + i]!);
  const tsne = new TSNE(matrix, { d: 2, perplexity, seed, epsilon: learningRate(rows) });
  const tick = ticker('t-SNE, step', iterations, watcher);
  let done = 0;
  // The generator gives its WebAssembly memory back when the loop is left, by an abort too.
  for (const _points of tsne.generator(iterations)) await tick(++done);
  return Float64Array.from(tsne.projection.values);
};
