/** Which way an encoder folder is computed. */
import type { Embedder, EmbedderOptions } from './embedder.js';
import { weightsEmbedder } from './weights-embedder.js';

/** @throws InputError when `folder` holds nothing that can embed. */
export async function openEmbedder(folder: string, options: EmbedderOptions): Promise<Embedder> {
  return weightsEmbedder(folder, { pooling: options.pooling ?? 'cls', normalized: false }, options);
}
