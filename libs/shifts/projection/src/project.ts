/** Vectors to points by a projector's name: the four projectors, and what must hold before one starts. */
import { InputError } from '@layerwise/errors';
import { defaultIterations as druidIterations, druid } from './druid.js';
import { pca } from './pca.js';
import type { Projector, ProjectorOptions, VectorRows, Watcher } from './projector.js';
import { defaultIterations as tsneJsIterations, tsneJs } from './tsne-js.js';
import { umap } from './umap.js';

/** Names of the projectors, the default one first. */
export const PROJECTORS = ['druid', 'tsne-js', 'pca', 'umap'] as const;
export type ProjectorName = (typeof PROJECTORS)[number];

const projectors: Readonly<Record<ProjectorName, Projector>> = { druid, 'tsne-js': tsneJs, pca, umap };

/**
 * Points [rows, 2] of the vectors. The same vectors, options and versions give the same bits. InputError
 * where there are fewer than 3 vectors, all are the same, one has a number that is not finite, the rows are
 * too few for the perplexity or the neighbours, or the iterations too few for the projector.
 */
export async function project(
  name: ProjectorName,
  vectors: VectorRows,
  options: ProjectorOptions,
  watcher: Watcher,
): Promise<Float64Array> {
  watcher.signal.throwIfAborted();
  checkVectors(vectors);
  checkOptions(name, vectors.rows, options);
  const points = await projectors[name](vectors, options, watcher);
  if (points.length !== 2 * vectors.rows || !points.every(Number.isFinite))
    throw new InputError(
      `${name} gave coordinates that are no finite numbers for these ${vectors.rows} vectors; take another projector, perplexity or number of iterations`,
    );
  return points;
}

/** How the settings that a projector heeds read in a picture: "perplexity 30, 1000 steps, seed 1". */
export function describeSettings(name: ProjectorName, options: ProjectorOptions): string {
  const { perplexity, neighbours, seed, iterations } = options;
  switch (name) {
    case 'druid':
      return `perplexity ${perplexity}, ${iterations ?? druidIterations} steps, seed ${seed}`;
    case 'tsne-js':
      return `perplexity ${perplexity}, at most ${iterations ?? tsneJsIterations} steps, seed ${seed}`;
    case 'umap':
      return `${neighbours} neighbours, ${iterations === undefined ? '' : `${iterations} epochs, `}seed ${seed}`;
    case 'pca':
      return 'no settings';
  }
}

function checkVectors({ rows, size, values }: VectorRows): void {
  if (rows < 3) throw new InputError(`there are ${rows} vectors to draw; a projection needs 3 or more`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new InputError(
      `number ${bad % size} of vector ${Math.floor(bad / size)} is ${values[bad]!}; embed the texts with weights that give finite numbers`,
    );
  if (values.every((value, i) => value === values[i % size]))
    throw new InputError(
      `all ${rows} vectors are the same, so that there is nothing to draw; look at the encoder and its pooling`,
    );
}

function checkOptions(name: ProjectorName, rows: number, options: ProjectorOptions): void {
  const { perplexity, neighbours, iterations } = options;
  if ((name === 'druid' || name === 'tsne-js') && 3 * perplexity >= rows)
    throw new InputError(
      `a perplexity of ${perplexity} needs more than ${3 * perplexity} rows, but there are ${rows}; give at most ${Math.ceil(rows / 3) - 1} or take the projector pca`,
    );
  if (name === 'umap' && neighbours >= rows)
    throw new InputError(
      `${neighbours} neighbours need more than ${neighbours} rows, but there are ${rows}; give fewer neighbours or take the projector pca`,
    );
  // Its first two phases have lengths of their own.
  if (name === 'tsne-js' && iterations !== undefined && iterations <= 100)
    throw new InputError(
      `tsne-js cannot stop after ${iterations} iterations, its first 100 only spread the points; give more`,
    );
}
