/**
 * The stage `finetune`: the two tasks of a pair through the sequential protocol. A stage that was stopped or
 * killed goes on from its checkpoint.
 */
import { join } from 'node:path';
import { defineStage, readTaskFolder } from '@layerwise/artifacts';
import { openEncoder } from '@layerwise/model';
import { OUTPUTS } from './results/outputs.js';
import { PAIR_CHECKPOINT } from './runs/pair-checkpoint.js';
import { prepareRun } from './runs/prepare.js';
import { completeRun, tokenizerOf } from './runs/run.js';
import { workOfRun } from './runs/run-work.js';
import type { Phase } from './settings.js';
import {
  clearStage,
  removeOtherCheckpoint,
  runInputs,
  runParameters,
  settingsOfStage,
  trainingOf,
  workWith,
} from './stage-training.js';

export const finetuneStage = defineStage({
  name: 'finetune',
  version: 4,
  description: 'Fine-tunes an encoder on the original task, then on the shifted one.',
  after: ['dataset-shift', 'length-shift', 'cluster-shift', 'search', 'combination'],
  inputs: {
    pair: { reads: 'path', from: 'dataset-shift', description: 'a folder with original/ and shifted/' },
    ...runInputs,
  },
  parameters: runParameters,
  outputs: OUTPUTS,
  work: (parameters, rows) => workWith(parameters, workOfRun(parameters, rows('pair')[0] ?? [])),
  async run(context) {
    const { input, outputFolder, signal } = context;
    const encoder = openEncoder(input('encoder'));
    const tasks = {
      original: await readTaskFolder(join(input('pair'), 'original')),
      shifted: await readTaskFolder(join(input('pair'), 'shifted')),
    };
    const settings = await settingsOfStage('finetune', context, encoder, tasks.original);
    const run = await prepareRun(tasks, encoder, await tokenizerOf(encoder, null), settings);
    await removeOtherCheckpoint(PAIR_CHECKPOINT, outputFolder, run.fingerprint);
    const training = trainingOf(context, (phase: Phase) => `${tasks[phase].name} (${phase})`);
    const end = await completeRun(run, settings, training);
    if (end.kind === 'stopped') {
      signal.throwIfAborted();
      return undefined;
    }
    const { row } = end;
    if (row.status === 'diverged') {
      const diverged = `training diverged at step ${row.divergedAtStep} of the phase ${row.divergedIn}`;
      return { notes: [diverged, ...run.notes] };
    }
    await clearStage(outputFolder);
    return {
      ...(run.notes.length > 0 && { notes: run.notes }),
      counts: {
        accuracyOriginalBefore: row.accuracyOriginalBefore ?? NaN,
        accuracyOriginal: row.accuracyOriginal ?? NaN,
        accuracyShifted: row.accuracyShifted ?? NaN,
        reward: row.reward ?? NaN,
      },
    };
  },
});
