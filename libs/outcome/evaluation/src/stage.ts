/**
 * The stage `evaluation` (`evaluate.ts`): pairs, and the searches that told rates, become measures, tests and
 * tables. A stage that was stopped or killed goes on from what its runs left; more methods, pairs or seeds
 * add runs.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defineStage, type RowsOfInput, type StageWork } from '@layerwise/artifacts';
import { fisherOptions, workOfRun } from '@layerwise/finetune';
import { z } from 'zod';
import { evaluateMethods, failedSentence } from './evaluate.js';
import { EVALUATED_METHODS, evaluationOptions } from './options.js';
import { describeCell } from './plan/plan.js';
import { EVALUATION_OUTPUTS } from './tables/write-evaluation.js';

const parameters = z.object(evaluationOptions);

/** Of the drawn rows. */
const RESAMPLE_SEED = 1;

/** Steps between checkpoints; they decide nothing about the result, so they are no parameter. */
const CHECKPOINT_EVERY = 200;

export const evaluationStage = defineStage({
  name: 'evaluation',
  version: 2,
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
    ewcCorpus: {
      reads: 'path',
      optional: true,
      description: "ewc's texts: a .txt file or a folder of them, one text a line (none: those of each D_o)",
    },
    encoder: { reads: 'encoder', description: 'a Hugging Face encoder folder, or a built-in one' },
  },
  parameters,
  outputs: [
    ...EVALUATION_OUTPUTS,
    { file: 'runs/', description: 'METHOD/PAIR/SEED/: results, history, predictions and drift of each run' },
  ],
  work: workOfEvaluation,
  async run({ parameters: options, input, inputs, outputFolder, fresh, versions, progress, signal }) {
    if (fresh) await rm(join(outputFolder, 'runs'), { recursive: true, force: true });
    const { methods, seeds, rate, tunedRivals, workers, resamples } = options;
    let [done, all] = [0, 0];
    const end = await evaluateMethods({
      methods,
      seeds,
      tunedRivals,
      workers,
      signal,
      outputFolder,
      pairs: inputs('pairs'),
      searches: inputs('searches'),
      encoder: input('encoder'),
      choices: { ...options, rates: String(rate) },
      resample: { resamples, seed: RESAMPLE_SEED },
      trainLimit: options.trainLimit ?? null,
      ewcCorpus: inputs('ewcCorpus')[0],
      tokenFolder: null,
      checkpointEvery: CHECKPOINT_EVERY,
      versions,
      onFisher: (texts, of) => {
        if (isTenth(texts, of)) progress(`Fisher information of ${texts}/${of} texts`);
      },
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

/** True ten times until all is done. */
function isTenth(done: number, all: number): boolean {
  return Math.floor((10 * done) / all) > Math.floor((10 * (done - 1)) / all);
}

/** A run for each method, pair and seed. */
function workOfEvaluation(options: z.output<typeof parameters>, rows: RowsOfInput): StageWork {
  const { methods, seeds, trainLimit = Infinity, batch, maxLength, threads, workers } = options;
  let [steps, textsRead] = [0, 0];
  for (const pair of rows('pairs')) {
    const limited = pair.map(({ train, dev }) => ({ train: Math.min(train, trainLimit), dev }));
    const run = workOfRun(options, limited);
    const fisherTexts = Math.min(fisherOptions(options).texts, limited[0]?.train ?? 0);
    for (const method of methods) {
      steps += seeds.length * (EVALUATED_METHODS[method]?.cost?.(run.steps, fisherTexts) ?? run.steps);
      textsRead += seeds.length * run.textsRead;
    }
  }
  return { steps: Math.round(steps), textsRead, batch, maxLength, threads, workers, copies: 4 * workers };
}
