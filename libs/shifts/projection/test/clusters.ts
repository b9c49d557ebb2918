/**
 * The vectors in clusters of `fixtures/clusters.json`, with what scikit-learn makes of them
 * (tools/reference/projection.py).
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ProjectorOptions, VectorRows, Watcher } from '../src/index.js';

const quality = z.array(z.object({ trustworthiness: z.number(), purity: z.number() }));

export const reference = z
  .object({
    size: z.number(),
    perplexity: z.number(),
    neighbours: z.number(),
    vectors: z.array(z.number()),
    cluster: z.array(z.number()),
    pca: z.object({ points: z.array(z.number()), explained: z.array(z.number()) }),
    divergence: z.record(z.string(), z.array(z.number())),
    quality: z.object({ pca: quality, tsne: quality, none: quality }),
  })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/clusters.json', import.meta.url), 'utf8')));

export const vectors: VectorRows = {
  rows: reference.cluster.length,
  size: reference.size,
  values: Float32Array.from(reference.vectors),
};

export const options: ProjectorOptions = {
  seed: 1,
  perplexity: reference.perplexity,
  neighbours: reference.neighbours,
};

export const quiet: Watcher = { progress: () => undefined, signal: new AbortController().signal };
