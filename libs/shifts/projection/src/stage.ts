/**
 * The stage `projection`: the embeddings of a split (dev) as points of a plane, and their pictures. Reads all
 * it is given and checks it before it computes anything; writes one table, `projection.arrow`.
 */
import { join } from 'node:path';
import {
  defineStage,
  isTaskFolder,
  projectionTable,
  readEmbeddingsOf,
  readTaskFolder,
  takeVectors,
  writeTable,
} from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { z } from 'zod';
import { drawProjection } from './plots.js';
import { bestPicture } from './best-of-starts.js';
import { describeSettings, PROJECTORS } from './project.js';
import { clustersOf, partsOf, predictionsOf } from './row-details.js';
import { sampleRows } from './sample-rows.js';

const parameters = z.object({
  projector: z.enum(PROJECTORS).default('druid').describe('druid (t-SNE), tsne-js, pca or umap'),
  split: z.enum(['dev', 'train']).default('dev').describe('which rows to draw'),
  perplexity: z.number().min(1).default(30).describe('t-SNE: about how many neighbours a point has'),
  neighbours: z
    .number()
    .int()
    .min(2)
    .default(15)
    .describe('umap: how many neighbours of a point are looked at'),
  iterations: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('steps of t-SNE (1000 if not given) or epochs of umap (its own choice)'),
  starts: z
    .number()
    .int()
    .min(1)
    .default(3)
    .describe('t-SNE: random starts; the picture with the least divergence is kept'),
  limit: z.number().int().min(3).default(2000).describe('where there are more rows, a sample of so many'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('the same seed, the same picture'),
});

export const projectionStage = defineStage({
  name: 'projection',
  version: 1,
  description: 'Draws embeddings in two dimensions, coloured by cluster, label, part and error.',
  after: ['datasets', 'embed', 'cluster-shift'],
  parameters,
  inputs: {
    task: { reads: 'task', from: 'datasets/original', description: 'the task whose rows are drawn' },
    embeddings: { reads: 'path', from: 'embed', description: 'its embeddings' },
    clusters: {
      reads: 'path',
      from: 'cluster-shift',
      optional: true,
      description: 'the folder with its clusters.arrow, which may be a pair too',
    },
    pair: { reads: 'path', optional: true, description: 'a pair that was cut from it' },
    predictions: {
      reads: 'path',
      optional: true,
      many: true,
      description: 'predictions of its dev rows, one file or several that share no row',
    },
  },
  outputs: [
    {
      file: 'projection.arrow',
      description: 'a point a row, with all that is known of it',
      table: projectionTable,
    },
  ],
  async run({ parameters, input, inputs, outputFolder, progress, signal }) {
    const { projector, split, limit, seed } = parameters;
    const task = await readTaskFolder(input('task'));
    const embeddings = await readEmbeddingsOf(task, input('embeddings'));
    const [clusterFolder] = inputs('clusters');
    const pairFolder = inputs('pair')[0] ?? (await pairIn(clusterFolder));
    if (split === 'train' && inputs('predictions').length > 0)
      throw new InputError('predictions are of dev rows; leave them out where the train rows are drawn');
    const clusters = clusterFolder === undefined ? null : await clustersOf(clusterFolder, task, split);
    const parts = pairFolder === undefined ? null : await partsOf(pairFolder, task, split);
    const predictions =
      inputs('predictions').length === 0 ? null : await predictionsOf(inputs('predictions'), task);

    const { size, index } = embeddings[split];
    const rows = sampleRows(index.length, limit, seed);
    progress(`${projector}: ${rows.length} vectors of ${size} numbers`);
    const vectors = { rows: rows.length, size, values: takeVectors(embeddings[split], rows) };
    const { points, divergences } = await bestPicture(projector, vectors, parameters, { progress, signal });

    const { text, pair, label } = task[split];
    const at = <T>(column: ArrayLike<T> | null) =>
      Array.from(rows, (row) => (column === null ? null : (column[row] ?? null)));
    await writeTable(
      join(outputFolder, 'projection.arrow'),
      projectionTable,
      {
        x: points.filter((_, i) => i % 2 === 0),
        y: points.filter((_, i) => i % 2 === 1),
        index: rows.map((row) => index[row]!),
        cluster: at(clusters),
        label: rows.map((row) => label[row]!),
        part: at(parts),
        predicted: at(predictions),
        text: Array.from(rows, (row) => text[row] ?? ''),
        pair: at(pair),
      },
      {
        task: task.name,
        split,
        labels: JSON.stringify(task.labels),
        encoder: embeddings.encoder,
        pooling: embeddings.pooling,
        projector,
        settings: describeSettings(projector, parameters),
        seed: String(seed),
        splitRows: String(index.length),
      },
    );
    return {
      counts: { rows: rows.length, splitRows: index.length },
      notes: [
        ...(rows.length === index.length
          ? []
          : [`a sample of ${rows.length} of the ${index.length} ${split} rows was drawn, by seed ${seed}`]),
        ...(divergences.length === 0 ? [] : [startsNote(divergences)]),
      ],
    };
  },
  plots: drawProjection,
});

function startsNote(divergences: readonly number[]): string {
  const [least, most] = [Math.min(...divergences), Math.max(...divergences)];
  return `kept is the best of ${divergences.length} starts, with a divergence of ${least.toFixed(3)}; the worst has ${most.toFixed(3)}`;
}

/** A stage that divides a task by its clusters leaves both in one folder. */
async function pairIn(folder: string | undefined): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  const isPair =
    (await isTaskFolder(join(folder, 'original'))) && (await isTaskFolder(join(folder, 'shifted')));
  return isPair ? folder : undefined;
}
