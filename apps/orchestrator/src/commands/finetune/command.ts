/**
 * `layerwise finetune`: the options of the main job. The job itself is `../finetune-run.ts`.
 */
import { Command } from 'commander';
import { InputError } from '@layerwise/errors';
import { addEngineOptions, type EngineOptions } from '../../options/engine-options.js';
import { addMethodOptions, checkRates, type MethodOptions } from '../../options/method-options.js';
import { wholeNumber } from '../../options/option-types.js';
import { ORIGINAL_OPTION, PAIR_OPTION, SHIFTED_OPTION, tasksOf, type TypedPair } from '../../options/pair-options.js';
import { action } from '../../running/run-command.js';
import { addTaskOptions, type TaskOptions } from '../../options/task-options.js';
import { addTrainingOptions, refuseForeignDecay, type TrainingOptions } from '../../options/training-options.js';

/** What `../finetune-run.ts` receives: every option, parsed and within its range. */
export interface FinetuneCommandOptions extends EngineOptions, MethodOptions, TaskOptions, TrainingOptions {
  /**
   * Folders (or `builtin:KIND`) of the first and the second task, and of the encoder (or `builtin:english`,
   * `builtin:tiny`).
   */
  readonly original: string;
  readonly shifted: string;
  readonly encoder: string;
  /** Undefined: a folder of the run's own in data-cache/finetune. */
  readonly out?: string;
  /**
   * One rate for all, or one a layer group separated by commas, for `parseRates` of `@layerwise/optimizers`.
   */
  readonly rates: string;
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
interface Typed extends Omit<FinetuneCommandOptions, 'original' | 'shifted'>, TypedPair {
  readonly sequence?: string;
}

export function finetuneCommand(): Command {
  const command = new Command('finetune')
    .description(
      'Fine-tunes an encoder on one task, then on another, and tells how much of the first is left.',
    )
    .option(...ORIGINAL_OPTION)
    .option(...SHIFTED_OPTION)
    .option(...PAIR_OPTION)
    .option('--sequence <tasks>', 'two tasks or more, separated by commas, in place of a pair')
    .requiredOption('--encoder <dir>', 'a Hugging Face encoder folder, builtin:english or builtin:tiny')
    .option('--out <dir>', "where results go (default: a folder of the run's own in data-cache/finetune)")
    .option('--rates <rates>', 'one learning rate, or one a layer group: r0,r1,…', '2e-5')
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
  return addEngineOptions(addTaskOptions(addTrainingOptions(addMethodOptions(command)))).action(
    action(async ({ pair, sequence, ...given }: Typed, typed: Command) => {
      refuseForeignDecay(given);
      checkRates(given, typed.getOptionValueSource('rates') === 'cli');
      if (sequence !== undefined) {
        refuseBesideSequence({ pair, ...given });
        const { runSequenceCommand } = await import('./sequence.js');
        return runSequenceCommand({ ...given, sequence });
      }
      const options = { ...given, ...tasksOf({ pair, ...given }) };
      const { runFinetune } = await import('./run.js');
      return runFinetune(options);
    }),
  );
}

/** @throws InputError for options that only a pair has */
function refuseBesideSequence({ pair, original, shifted, dumpGraph }: Omit<Typed, 'sequence'>): void {
  const foreign = Object.entries({
    '--pair': pair,
    '--original': original,
    '--shifted': shifted,
    '--dump-graph': dumpGraph,
  }).find(([, value]) => value !== undefined);
  if (foreign)
    throw new InputError(`${foreign[0]} belongs to a pair of tasks; leave it out beside --sequence.`);
}
