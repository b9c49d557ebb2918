/** The stage `shift-summary`: a pair and its embeddings become measures of how different its parts are. */
import { setImmediate as turn } from 'node:timers/promises';
import { join } from 'node:path';
import { defineStage, readEmbeddingFolder, writeTable } from '@layerwise/artifacts';
import { checkParts, readPairFolder } from '@layerwise/pairs';
import { z } from 'zod';
import { classifyParts, testSplit } from './compare.js';
import { vectorsOfParts, type EmbeddingFolder } from './part-vectors.js';
import { drawSummaryPlots } from './plots.js';
import { reading } from './reading.js';
import {
  permutationColumns,
  permutationTable,
  scoreColumns,
  scoreTable,
  shiftSummaryTable,
  summaryColumns,
} from './tables.js';

export const shiftSummaryStage = defineStage({
  name: 'shift-summary',
  version: 1,
  description: 'Measures how different the two parts of a pair are, by a two-sample test and a classifier.',
  after: ['dataset-shift', 'length-shift', 'cluster-shift', 'embed'],
  inputs: {
    pair: {
      reads: 'path',
      from: 'dataset-shift',
      description: 'the folder of a pair, which every shift writes',
    },
    embeddings: {
      reads: 'path',
      from: 'embed',
      many: true,
      description: 'embeddings of the task that was cut, or of both tasks, in any order',
    },
  },
  parameters: z.object({
    seed: z.number().int().min(0).max(0xffffffff).default(1).describe('of the samples and the permutations'),
    rows: z
      .number()
      .int()
      .min(4)
      .max(5000)
      .default(2000)
      .describe('most rows of a sample, half of them of each part'),
    permutations: z.number().int().min(19).max(20_000).default(1000).describe("of the test's rows"),
    c: z
      .number()
      .positive()
      .max(1000)
      .default(0.01)
      .describe('inverse strength of the penalty on the classifier'),
    minimumRows: z.number().int().min(2).default(10).describe('least rows of each split of each part'),
  }),
  outputs: [
    {
      file: 'shift-summary.arrow',
      table: shiftSummaryTable,
      description: 'the measures of train and of dev',
    },
    { file: 'scores.arrow', table: scoreTable, description: "the classifier's score of every dev row" },
    { file: 'permutations.arrow', table: permutationTable, description: 'MMD² of every permutation' },
  ],
  async run({ parameters, input, inputs, outputFolder, progress, signal }) {
    const pair = await readPairFolder(input('pair'));
    checkParts(pair, parameters);
    const folders: EmbeddingFolder[] = [];
    for (const folder of inputs('embeddings'))
      folders.push({ folder, embeddings: await readEmbeddingFolder(folder) });
    const parts = vectorsOfParts(pair, folders);

    // A turn of the event loop before each long piece of work: a stop is heard there.
    const next = async (what: string) => {
      progress(what);
      await turn();
      signal.throwIfAborted();
    };
    await next('testing the train rows');
    const train = testSplit(parts, 'train', parameters);
    await next('testing the dev rows');
    const tests = { train, dev: testSplit(parts, 'dev', parameters) };
    await next('fitting a classifier');
    const classified = classifyParts(parts, parameters);
    await next('writing');

    const notes = reading(pair.kind, tests, classified);
    const { encoder = '', pooling = '' } = folders[0]?.embeddings ?? {};
    const metadata = {
      kind: pair.kind,
      original: pair.original.name,
      shifted: pair.shifted.name,
      encoder,
      pooling,
      reading: notes.join('\n'),
    };
    const write = (name: string) => join(outputFolder, name);
    await writeTable(
      write('shift-summary.arrow'),
      shiftSummaryTable,
      summaryColumns(pair, tests, classified),
      metadata,
    );
    await writeTable(write('scores.arrow'), scoreTable, scoreColumns(pair, classified.heldOut.dev.scores));
    await writeTable(write('permutations.arrow'), permutationTable, permutationColumns(tests));
    return {
      counts: {
        sampledTrain: 2 * train.rowsOfPart,
        sampledDev: 2 * tests.dev.rowsOfPart,
        fitted: 2 * classified.fittedOfPart,
        permutations: parameters.permutations,
      },
      notes,
    };
  },
  plots: drawSummaryPlots,
});
