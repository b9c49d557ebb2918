/** UMAP (McInnes, Healy and Melville, 2018) by umap-js, its random numbers from a seeded generator. */
import { mersenne } from 'pure-rand/generator/mersenne';
import type { Projector } from './projector.js';
import { ticker } from './ticker.js';

export const umap: Projector = async (vectors, options, watcher) => {
  const { UMAP } = await import('umap-js');
  const { rows, size, values } = vectors;
  const random = mersenne(options.seed);
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: options.neighbours,
    random: () => (random.next() >>> 0) / 2 ** 32,
    ...(options.iterations !== undefined && { nEpochs: options.iterations }),
  });
  const rowArrays = Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(row * size, (row + 1) * size)),
  );
  const epochs = umap.initializeFit(rowArrays);
  const tick = ticker('UMAP, epoch', epochs, watcher);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step();
    await tick(epoch);
  }
  return Float64Array.from(umap.getEmbedding().flat());
};
