/**
 * The stage `evaluation` (`evaluate.ts`): pairs, and the searches that told rates, become measures, tests and tables. A stage that was
 * stopped or killed goes on from what its runs left; more methods, pairs or seeds add runs.
 */
import { join } from 'node:path';
import { defineStage } from '@layerwise/artifacts';
import {
  fisherOfPretrained,
  fisherOptions,
  fisherTexts,
  trainingParameters,
  type StoredFisher,
} from '@layerwise/finetune';
import { openEncoder } from '@layerwise/model';
import { z } from 'zod';
import { evaluateMethods, failedSentence } from './evaluate.js';
import { describeCell, EVALUATED_METHODS, readEvaluatedPair } from './plan.js';
import { EVALUATION_OUTPUTS } from './write-evaluation.js';

const count = (least: number) => z.number().int().min(least);

const parameters = z.object({
  methods: z
    .array(z.string())
    .default(['flat', 'replay', 'single', 'joint'])
    .describe(`methods by name: ${EVALUATED_METHODS.join(', ')}`),
  seeds: z.array(count(0)).default([1, 2, 3]).describe('of heads, shuffling and dropout: a run for each'),
  rate: z.number().min(0).default(2e-5).describe('the flat learning rate of all methods that search none'),
  trainLimit: count(1).optional().describe('only the first rows of each training split'),
  workers: count(1).default(1).describe('runs at once, each in a process of its own'),
  resamples: count(100).default(2000).describe('of the bootstrap over dev rows'),
  ewcLambda: z.number().min(0).optional().describe("λ of ewc and ewc-standard; none: the paper's 675"),
  ewcTexts: count(1).optional().describe('texts of the Fisher information at most; none: 25000'),
  ewcBatch: count(1).optional().describe('texts whose mean gradient is squared; none: 1'),
  replayShare: z.number().positive().max(1).optional().describe("replay's, of the first task's rows"),
  ...trainingParameters,
});

/** Within the output folder: it serves more seeds and pairs too. */
const FISHER_FOLDER = 'fisher';

/** Of the drawn rows. */
const RESAMPLE_SEED = 1;

/** Steps between checkpoints; they decide nothing about the result, so they are no parameter. */
const CHECKPOINT_EVERY = 200;

export const evaluationStage = defineStage({
  name: 'evaluation',
  version: 1,
  description: 'Runs methods on pairs with several seeds, and says how they differ.',
  after: ['dataset-shift', 'length-shift', 'cluster-shift', 'search'],
  inputs: {
    pairs: {
      reads: 'path',
      from: 'dataset-shift',
      many: true,
      description: 'folders with original/ and shifted/',
    },
    searches: {
      reads: 'path',
      many: true,
      optional: true,
      description: 'folders of searches, for the methods whose rates are searched',
    },
    encoder: { reads: 'encoder', description: 'a Hugging Face encoder folder, or a built-in one' },
    ewcCorpus: {
      reads: 'path',
      optional: true,
      description: "ewc's texts: a .txt file or a folder of them, one text a line",
    },
  },
  parameters,
  outputs: [
    ...EVALUATION_OUTPUTS,
    { file: 'runs/', description: 'METHOD/PAIR/SEED/: results, history, predictions and drift of each run' },
  ],
  async run({ parameters: given, input, inputs, outputFolder, progress, signal }) {
    const { methods, seeds, rate, workers, resamples } = given;
    const takeFisher = async (): Promise<StoredFisher> => {
      const encoder = openEncoder(input('encoder'));
      const { tasks } = await readEvaluatedPair(inputs('pairs')[0] ?? '', given.trainLimit);
      const { texts, note } = fisherTexts(inputs('ewcCorpus')[0], tasks.original);
      if (note !== null) progress(note);
      return fisherOfPretrained(encoder, texts, {
        ...given,
        ...fisherOptions(given),
        ...{ maximumLength: given.maxLength, folder: join(outputFolder, FISHER_FOLDER), signal },
        onTexts: (texts, of) => {
          if (texts % 1000 === 0) progress(`Fisher information of ${texts}/${of} texts`);
        },
      });
    };
    const fisher = methods.includes('ewc') ? await takeFisher() : undefined;
    let [done, all] = [0, 0];
    const end = await evaluateMethods({
      ...{ methods, seeds, workers, signal, outputFolder },
      pairs: inputs('pairs'),
      searches: inputs('searches'),
      encoder: input('encoder'),
      choices: { ...given, rates: String(rate), fisher },
      resample: { resamples, seed: RESAMPLE_SEED },
      trainLimit: given.trainLimit ?? null,
      tokenFolder: null,
      checkpointEvery: CHECKPOINT_EVERY,
      versions: {},
      onPlan: (cells) => (all = cells.length),
      onProgress: () => undefined,
      onCell: (cell, reason) => {
        done += 1;
        progress(`${done}/${all}: ${describeCell(cell)}${reason === null ? '' : ` failed: ${reason}`}`);
      },
    });
    if (end.kind === 'stopped') {
      signal.throwIfAborted();
      return undefined;
    }
    const { evaluation, failed } = end;
    // Without a manifest: the next call tries them again.
    if (failed.length > 0) throw new Error(failedSentence(failed));
    const diverged = evaluation.runs.filter(({ status }) => status === 'diverged');
    return {
      counts: { runs: evaluation.runs.length, diverged: diverged.length },
      notes: diverged.map(({ cell }) => `${describeCell(cell)} diverged`),
    };
  },
});
