/**
 * The stage `cluster-shift` (`cluster-shift.ts`): a task and its embeddings become the folder of a pair, with
 * the clusters and centres.
 */
import { clusterTable, defineStage, readEmbeddingsOf, readTaskFolder } from '@layerwise/artifacts';
import { checkParts, drawPairPlots, halvesOf, PAIR_OUTPUTS, writePairFolder } from '@layerwise/pairs';
import { z } from 'zod';
import { chosenClusters } from './chosen-clusters.js';
import { clusterShift } from './cluster-shift.js';
import { drawSilhouettes } from './draw.js';
import { FITS } from './divide.js';
import { INITIALIZATIONS } from './initial-centres.js';
import { METHODS } from './kmeans.js';
import { reportOf } from './report.js';
import { centresTable, silhouetteTable } from './tables.js';
import { writeClusters } from './write-clusters.js';

const cluster = z.number().int().min(0);
const clusters = z.union([cluster, z.string(), z.array(cluster).min(1)]);

export const clusterShiftStage = defineStage({
  name: 'cluster-shift',
  version: 1,
  description: 'Cuts a task by K-means of its embeddings: one cluster is D_o, another D_s.',
  after: ['datasets', 'embed'],
  inputs: {
    task: { reads: 'task', from: 'datasets/original', description: 'the task to cut' },
    embeddings: { reads: 'path', from: 'embed', description: "the folder of the task's embeddings" },
  },
  parameters: z.object({
    k: z.number().int().min(2).default(2).describe('number of clusters'),
    original: clusters
      .default(0)
      .describe('which make D_o, such as 0 or 0,2; 0 is the largest in what was fitted'),
    shifted: clusters.default(1).describe('which make D_s'),
    fit: z
      .enum(FITS)
      .default('train')
      .describe('fitted on train and applied to dev, on each split for itself, or on both together'),
    seed: z
      .number()
      .int()
      .min(0)
      .max(0xffffffff)
      .default(1)
      .describe('of the initial centres and of the sample for the silhouette'),
    initialization: z
      .enum(INITIALIZATIONS)
      .default('kmeans++')
      .describe('how rows are drawn as initial centres'),
    starts: z
      .number()
      .int()
      .min(1)
      .default(10)
      .describe(
        'draws of initial centres from which K-means begins; the result with the least inertia is kept',
      ),
    maxIterations: z
      .number()
      .int()
      .min(1)
      .default(300)
      .describe('iterations after which K-means stops in any case'),
    method: z
      .enum(METHODS)
      .default('auto')
      .describe('what computes, to the same result: ml-kmeans, the engine, or whichever is quicker'),
    minimumRows: z.number().int().min(1).default(10).describe('least rows of each split of each part'),
  }),
  outputs: [
    ...PAIR_OUTPUTS,
    { file: 'clusters.arrow', table: clusterTable, description: 'the cluster of every row of the task' },
    { file: 'centres.arrow', table: centresTable, description: 'the centres and the sizes of the clusters' },
    { file: 'silhouette.arrow', table: silhouetteTable, description: 'silhouette and inertia for k = 2 … 8' },
  ],
  makes: (_, rowsOf) => halvesOf(rowsOf('task')),
  async run({ parameters, input, outputFolder, progress, signal }) {
    const chosen = chosenClusters(parameters.original, parameters.shifted, parameters.k);
    const task = await readTaskFolder(input('task'));
    const embeddings = await readEmbeddingsOf(task, input('embeddings'));
    signal.throwIfAborted();
    const shift = await clusterShift(task, embeddings, { ...parameters, chosen, progress, signal });
    checkParts(shift.pair, { minimumRows: parameters.minimumRows });
    signal.throwIfAborted();
    const report = reportOf(task, shift, parameters);
    const { counts, notes } = await writePairFolder(shift.pair, outputFolder);
    await writeClusters(task, embeddings, shift, parameters, outputFolder);
    return { counts: { ...counts, ...report.counts }, notes: [...notes, ...report.notes] };
  },
  async plots(context) {
    await drawPairPlots(context);
    await drawSilhouettes(context);
  },
});
