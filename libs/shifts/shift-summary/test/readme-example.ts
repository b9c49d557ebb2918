import { readEmbeddingFolder } from '@layerwise/artifacts';
import { readPairFolder } from '@layerwise/pairs';
import { classifyParts, reading, testSplit, vectorsOfParts } from '../src/index.js';

/** How different the parts of a pair are, in sentences. */
export async function compare(pairFolder: string, embeddingFolder: string) {
  const pair = await readPairFolder(pairFolder);
  const embeddings = await readEmbeddingFolder(embeddingFolder);
  const parts = vectorsOfParts(pair, [{ folder: embeddingFolder, embeddings }]);

  const options = { seed: 1, rows: 2000, permutations: 1000, c: 0.01 };
  const train = testSplit(parts, 'train', options);
  const dev = testSplit(parts, 'dev', options); // { mmdSquared, pValue, permuted, rowsOfPart, medianDistance }
  const classified = classifyParts(parts, options); // classified.heldOut.dev.proxyADistance: { value, low, high }
  return reading(pair.kind, { train, dev }, classified);
}
