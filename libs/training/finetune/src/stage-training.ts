/**
 * What the stages that train one run have in common, `finetune` and `sequence`: parameters and inputs, the
 * settings that follow from them, and lines of progress.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputDeclaration, StageContext, StageWork, Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import type { EncoderFolder } from '@layerwise/model';
import { z } from 'zod';
import { settingsFrom } from './choices.js';
import { takeFisher } from './methods/take-fisher.js';
import { FOUND_RATES, needsFisher, runOptions } from './options.js';
import {
  CHECKPOINT_FILE,
  isCheckpointOf,
  type CheckpointKind,
  type StoredPlace,
} from './phases/checkpoint.js';
import type { History } from './phases/history.js';
import type { StepReport } from './phases/phase.js';
import { ratesFrom } from './rates-from.js';
import { removeCheckpoint } from './runs/finetune.js';
import type { Settings } from './settings.js';

export const runParameters = z.object({
  rates: z
    .union([z.number(), z.string(), z.array(z.union([z.number(), z.string(), z.null()]))])
    .optional()
    .describe('one learning rate, or one a layer group; none, and no ratesFrom: 2e-5'),
  ...runOptions,
});

type RunParameters = z.output<typeof runParameters>;

/** Beside the tasks. */
export const runInputs = {
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
} as const satisfies Record<string, InputDeclaration>;

/** Steps between checkpoints; they decide nothing about the result, so they are no parameter. */
const CHECKPOINT_EVERY = 200;

/** The paper's "BERT base". */
const FLAT_RATE = 2e-5;

/** Within the output folder of a stage, until the run is over. */
const FISHER_FOLDER = 'fisher';

/** Of a run of one process. */
export function workWith(
  { batch, maxLength, threads }: RunParameters,
  size: Pick<StageWork, 'steps' | 'textsRead'>,
): StageWork {
  // The encoder and its checkpoint, which has Adam's two moments too.
  return { ...size, batch, maxLength, threads, workers: 1, copies: 4 };
}

/**
 * Rates, and Fisher information where the method takes it.
 * @param first the task whose texts stand in for a corpus
 * @throws InputError where rates are given twice, or a method is nothing but rates that were found
 */
export async function settingsOfStage(
  stage: string,
  { parameters, inputs, outputFolder, progress, signal }: StageContext<RunParameters>,
  encoder: EncoderFolder,
  first: Task,
): Promise<Settings> {
  const { layers } = encoder.config;
  const rates = await ratesOf(stage, parameters, inputs('ratesFrom')[0], layers);
  if (!needsFisher(parameters.method)) return settingsFrom({ ...parameters, rates }, layers);
  const fisher = await takeFisher(encoder, first, parameters, {
    ewcCorpus: inputs('ewcCorpus')[0],
    folder: join(outputFolder, FISHER_FOLDER),
    signal,
    onNote: progress,
    onTexts: (done, all) => {
      if (isTenth(done, all)) progress(`Fisher information of ${done}/${all} texts`);
    },
  });
  return settingsFrom({ ...parameters, rates, fisher }, layers);
}

/** How a stage trains: what it tells of each phase, by the name that `nameOf` gives, and where it stops. */
export function trainingOf<Phase>(
  { outputFolder, progress, signal }: StageContext<RunParameters>,
  nameOf: (phase: Phase) => string,
) {
  return {
    outputFolder,
    checkpointEvery: CHECKPOINT_EVERY,
    signal,
    classifiers: false,
    onPhase: (phase: Phase, steps: number, done: number): void => {
      progress(`${nameOf(phase)}: ${steps} steps${done > 0 ? `, ${done} of them done` : ''}`);
    },
    onStep: ({ step, steps, loss }: StepReport): void => {
      if (isTenth(step + 1, steps)) progress(`step ${step + 1}/${steps}, loss ${loss.toFixed(4)}`);
    },
  };
}

/** A stage's folder is the stage's own: what a run with other parameters left there is of no use. */
export async function removeOtherCheckpoint<Place extends StoredPlace>(
  kind: CheckpointKind<Place, keyof History>,
  outputFolder: string,
  fingerprint: string,
): Promise<void> {
  if (!isCheckpointOf(kind, join(outputFolder, CHECKPOINT_FILE), fingerprint))
    await removeCheckpoint(outputFolder);
}

/** Removes what a run that is complete needs no more. */
export async function clearStage(outputFolder: string): Promise<void> {
  await removeCheckpoint(outputFolder);
  await rm(join(outputFolder, FISHER_FOLDER), { recursive: true, force: true });
}

/** As `parseRates` takes them. */
async function ratesOf(
  stage: string,
  { rates, method, groups }: RunParameters,
  found: string | undefined,
  layers: number,
): Promise<string> {
  if (found !== undefined) {
    if (rates === undefined) return ratesFrom(found, method, groups, layers);
    throw new InputError(`The stage ${stage} has both rates and ratesFrom; leave one of them out.`);
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
