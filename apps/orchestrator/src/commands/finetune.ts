/**
 * `layerwise finetune`: the options of the main job. The job itself is `../finetune-run.ts`.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command, Option } from 'commander';
import { InputError } from '@layerwise/errors';
import type { OptimizerName, ScheduleName } from '@layerwise/optimizers';
import { addEngineOptions, type EngineOptions } from '../engine-options.js';
import { amount, share, wholeNumber } from '../option-types.js';
import { action } from '../run-command.js';
import { addTaskOptions, type TaskOptions } from '../task-options.js';

/** What `../finetune-run.ts` receives: every option, parsed and within its range. */
export interface FinetuneCommandOptions extends EngineOptions, TaskOptions {
  /** Folders (or `builtin:KIND`) of the first and the second task, and of the encoder (or `builtin:tiny`). */
  readonly original: string;
  readonly shifted: string;
  readonly encoder: string;
  /** Undefined: a folder of the run's own in data-cache/finetune. */
  readonly out?: string;
  /** One rate for all, or one a layer group separated by commas, for `parseRates` of `@layerwise/optimizers`. */
  readonly rates: string;
  readonly groups: string;
  readonly schedule: ScheduleName;
  /** Share of a phase's steps over which rates rise from 0. */
  readonly warmup: number;
  readonly epochs: number;
  /** Rows a step. */
  readonly batch: number;
  /** Batches whose gradients make one step. */
  readonly accumulate: number;
  /** Tokens a row, specials included. */
  readonly maxLength: number;
  readonly optimizer: OptimizerName;
  /** AdamW's decay; undefined: PyTorch's 0.01. */
  readonly weightDecay?: number;
  /** Largest global norm of a step's gradient; undefined: no clipping. */
  readonly clipNorm?: number;
  /** Dropout probability in place of the encoder's own; undefined: as its config says. */
  readonly dropout?: number;
  readonly seed: number;
  /** Steps between checkpoints; 0: only when interrupted. */
  readonly checkpointEvery: number;
  /** Starts over where a checkpoint lies. */
  readonly fresh?: boolean;
  /** Prints the recorded graph before training. */
  readonly dumpGraph?: boolean;
  /** Also writes each task's head with the encoder as a Hugging Face classification folder. */
  readonly classifiers?: boolean;
  readonly json?: boolean;
}

/** The options as typed. */
interface Typed extends Omit<FinetuneCommandOptions, 'original' | 'shifted'> {
  readonly original?: string;
  readonly shifted?: string;
  readonly pair?: string;
}

// Written down again, because importing the lib would load it before it is needed; a test compares them.
export const scheduleNames: readonly ScheduleName[] = ['cosine', 'linear', 'constant'];
export const optimizerNames: readonly OptimizerName[] = ['adam', 'adamw', 'sgd'];

export function finetuneCommand(): Command {
  const command = new Command('finetune')
    .description(
      'Fine-tunes an encoder on one task, then on another, and tells how much of the first is left.',
    )
    .option('--original <dir>', 'the first task: a folder, a file or builtin:KIND')
    .option('--shifted <dir>', 'the second task, likewise')
    .option('--pair <dir>', 'both tasks: the folder that a shift wrote, in place of the two')
    .requiredOption('--encoder <dir>', 'a Hugging Face encoder folder, or builtin:tiny')
    .option('--out <dir>', "where results go (default: a folder of the run's own in data-cache/finetune)")
    .option('--rates <rates>', 'one learning rate, or one a layer group: r0,r1,…', '2e-5')
    .option('--groups <grouping>', 'layer groups: paper, paper-ceil, layers, or a file of patterns', 'paper')
    .addOption(
      new Option('--schedule <name>', 'how rates change over a phase')
        .choices(scheduleNames)
        .default('cosine'),
    )
    .option('--warmup <share>', "share of a phase's steps over which rates rise", share('--warmup'), 0.1)
    .option('--epochs <n>', 'passes over each training split', wholeNumber('--epochs', 1), 3)
    .option('--batch <rows>', 'rows a step', wholeNumber('--batch', 1), 16)
    .option('--accumulate <n>', 'batches whose gradients make one step', wholeNumber('--accumulate', 1), 1)
    .option('--max-length <tokens>', 'tokens a row at most', wholeNumber('--max-length', 3), 256)
    .addOption(new Option('--optimizer <name>', 'update rule').choices(optimizerNames).default('adam'))
    .option(
      '--weight-decay <factor>',
      "adamw's, a factor of the rate (default: 0.01)",
      amount('--weight-decay'),
    )
    .option('--clip-norm <norm>', "largest global norm of a step's gradient", amount('--clip-norm'))
    .option('--dropout <p>', "dropout in place of the encoder's own", share('--dropout'))
    .option('--seed <n>', 'of heads, shuffling and dropout', wholeNumber('--seed', 0), 1)
    .option(
      '--checkpoint-every <steps>',
      '0: only when interrupted',
      wholeNumber('--checkpoint-every', 0),
      200,
    )
    .option('--fresh', 'start over where a checkpoint lies')
    .option('--dump-graph', 'print the recorded graph first')
    .option('--classifiers', 'also write a Hugging Face classification folder for each task')
    .option('--json', 'print one JSON object');
  return addEngineOptions(addTaskOptions(command)).action(
    action(async ({ pair, ...given }: Typed) => {
      const options = { ...given, ...tasksOf({ pair, ...given }) };
      if (options.weightDecay !== undefined && options.optimizer !== 'adamw') {
        throw new InputError('--weight-decay belongs to --optimizer adamw: adam and sgd have none.');
      }
      const { runFinetune } = await import('../finetune-run.js');
      return runFinetune(options);
    }),
  );
}

/** Where the two tasks are. */
function tasksOf({ original, shifted, pair }: Typed): { original: string; shifted: string } {
  if (pair === undefined) {
    if (original !== undefined && shifted !== undefined) return { original, shifted };
    const missing = original === undefined ? '--original' : '--shifted';
    throw new InputError(
      `${missing} is missing: give both tasks, or --pair with the folder that a shift wrote.`,
    );
  }
  if (original !== undefined || shifted !== undefined) {
    throw new InputError('--pair names both tasks; leave out --original and --shifted, or --pair.');
  }
  const tasks = { original: join(pair, 'original'), shifted: join(pair, 'shifted') };
  const missing = Object.values(tasks).find((folder) => !existsSync(join(folder, 'train.arrow')));
  if (missing === undefined) return tasks;
  throw new InputError(`${pair} is not a pair of tasks: it has no ${basename(missing)}/train.arrow.`);
}
