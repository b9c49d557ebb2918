/**
 * The stage `finetune`: the two tasks of a pair through the sequential protocol. A stage that was stopped or
 * killed goes on from its checkpoint.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defineStage, readTaskFolder } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { openEncoder } from '@layerwise/model';
import { z } from 'zod';
import { CHECKPOINT_FILE, isCheckpointOf } from './phases/checkpoint.js';
import { settingsFrom } from './choices.js';
import { removeCheckpoint } from './runs/finetune.js';
import { fisherOfPretrained } from './methods/fisher-pretrained.js';
import { fisherTexts } from './methods/fisher-texts.js';
import type { StoredFisher } from './methods/method.js';
import { fisherOptions } from './methods/methods.js';
import { FOUND_RATES, runOptions } from './options.js';
import { OUTPUTS } from './results/outputs.js';
import { PAIR_CHECKPOINT } from './runs/pair-checkpoint.js';
import { prepareRun } from './runs/prepare.js';
import { ratesFrom } from './rates-from.js';
import { completeRun, tokenizerOf } from './runs/run.js';
import { workOfRun } from './runs/run-work.js';

const parameters = z.object({
  rates: z
    .union([z.number(), z.string(), z.array(z.union([z.number(), z.string(), z.null()]))])
    .optional()
    .describe('one learning rate, or one a layer group; none, and no ratesFrom: 2e-5'),
  ...runOptions,
});

/** The paper's "BERT base". */
const FLAT_RATE = 2e-5;

/** Within the output folder, until the run is over. */
const FISHER_FOLDER = 'fisher';

/** Steps between checkpoints; they decide nothing about the result, so they are no parameter. */
const CHECKPOINT_EVERY = 200;

export const finetuneStage = defineStage({
  name: 'finetune',
  version: 4,
  description: 'Fine-tunes an encoder on the original task, then on the shifted one.',
  after: ['dataset-shift', 'length-shift', 'cluster-shift', 'search', 'combination'],
  inputs: {
    pair: { reads: 'path', from: 'dataset-shift', description: 'a folder with original/ and shifted/' },
    encoder: {
      reads: 'encoder',
      description: 'a Hugging Face encoder folder, builtin:english or builtin:tiny',
    },
    ratesFrom: {
      reads: 'path',
      optional: true,
      description:
        'in the place of rates: the folder of a search, for flat-tuned and distribution, or of a combination',
    },
    ewcCorpus: {
      reads: 'path',
      optional: true,
      description: "ewc's texts: a .txt file or a folder of them, one text a line",
    },
  },
  parameters,
  outputs: OUTPUTS,
  work: (given, rows) => ({
    ...workOfRun(given, rows('pair')[0] ?? []),
    batch: given.batch,
    maxLength: given.maxLength,
    threads: given.threads,
    workers: 1,
    // The encoder and its checkpoint, which has Adam's two moments too.
    copies: 4,
  }),
  async run({ parameters: given, input, inputs, outputFolder, progress, signal }) {
    const encoder = openEncoder(input('encoder'));
    const { layers } = encoder.config;
    const rates = await ratesOf(given, inputs('ratesFrom')[0], layers);
    const tasks = {
      original: await readTaskFolder(join(input('pair'), 'original')),
      shifted: await readTaskFolder(join(input('pair'), 'shifted')),
    };
    const fisherFolder = join(outputFolder, FISHER_FOLDER);
    const takeFisher = (): Promise<StoredFisher> => {
      const { texts, note } = fisherTexts(inputs('ewcCorpus')[0], tasks.original);
      if (note !== null) progress(note);
      return fisherOfPretrained(encoder, texts, {
        ...given,
        ...fisherOptions(given),
        maximumLength: given.maxLength,
        folder: fisherFolder,
        signal,
        onTexts: (done, all) => {
          if (isTenth(done, all)) progress(`Fisher information of ${done}/${all} texts`);
        },
      });
    };
    const fisher = given.method === 'ewc' ? await takeFisher() : undefined;
    const settings = settingsFrom({ ...given, rates, fisher }, layers);
    const run = await prepareRun(tasks, encoder, await tokenizerOf(encoder, null), settings);
    // A stage's folder is the stage's own: what other parameters left there is of no use.
    if (!isCheckpointOf(PAIR_CHECKPOINT, join(outputFolder, CHECKPOINT_FILE), run.fingerprint)) {
      await removeCheckpoint(outputFolder);
    }
    const end = await completeRun(run, settings, {
      outputFolder,
      checkpointEvery: CHECKPOINT_EVERY,
      signal,
      classifiers: false,
      onPhase: (phase, steps, done) =>
        progress(
          `${tasks[phase].name} (${phase}): ${steps} steps${done > 0 ? `, ${done} of them done` : ''}`,
        ),
      onStep: ({ step, steps, loss }) => {
        if (isTenth(step + 1, steps)) progress(`step ${step + 1}/${steps}, loss ${loss.toFixed(4)}`);
      },
    });
    if (end.kind === 'stopped') {
      signal.throwIfAborted();
      return undefined;
    }
    const { row } = end;
    if (row.status === 'diverged') {
      return { notes: [`training diverged at step ${row.divergedAtStep} of the phase ${row.divergedIn}`] };
    }
    await removeCheckpoint(outputFolder);
    await rm(fisherFolder, { recursive: true, force: true });
    return {
      counts: {
        accuracyOriginalBefore: row.accuracyOriginalBefore ?? NaN,
        accuracyOriginal: row.accuracyOriginal ?? NaN,
        accuracyShifted: row.accuracyShifted ?? NaN,
        reward: row.reward ?? NaN,
      },
    };
  },
});

/**
 * As `parseRates` takes them. @throws InputError where they are given twice, or a method is nothing but rates
 * that were found
 */
async function ratesOf(
  { rates, method, groups }: z.output<typeof parameters>,
  found: string | undefined,
  layers: number,
): Promise<string> {
  if (found !== undefined) {
    if (rates === undefined) return ratesFrom(found, method, groups, layers);
    throw new InputError('The stage finetune has both rates and ratesFrom; leave one of them out.');
  }
  if (rates === undefined && method !== undefined && FOUND_RATES.includes(method)) {
    throw new InputError(
      `The method ${method} is of rates that were found: give ratesFrom, the folder of a search or a combination, or rates.`,
    );
  }
  return [rates ?? FLAT_RATE].flat().map(String).join(',');
}

/** True ten times a phase. */
function isTenth(done: number, steps: number): boolean {
  return Math.floor((10 * done) / steps) > Math.floor((10 * (done - 1)) / steps);
}
