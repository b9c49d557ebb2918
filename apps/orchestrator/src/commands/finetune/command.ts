/** `layerwise finetune`: the main job, of a pair (`run.ts`) or of a sequence of tasks (`sequence.ts`). */
import type { Command } from 'commander';
import { InputError } from '@layerwise/errors';
import { runOptions } from '@layerwise/finetune/options';
import { addFlags, readFlags } from '../../options/flags.js';
import { addEwcCorpus, addRatesFrom, checkRates } from '../../options/method-options.js';
import { wholeNumber } from '../../options/option-types.js';
import {
  ORIGINAL_OPTION,
  PAIR_OPTION,
  SHIFTED_OPTION,
  tasksOf,
  type TypedPair,
} from '../../options/pair-options.js';
import { addTaskOptions } from '../../options/task-options.js';
import { refuseForeignDecay } from '../../options/refuse-foreign-decay.js';
import { action } from '../../running/run-command.js';
import type { FinetuneCommandOptions, TrainingCommandOptions } from './options.js';

/** The options as typed. */
type Typed = Omit<TrainingCommandOptions, keyof typeof runOptions> &
  TypedPair &
  Pick<FinetuneCommandOptions, 'dumpGraph'> & { readonly sequence?: string };

export function configure(command: Command): void {
  command
    .option(...ORIGINAL_OPTION)
    .option(...SHIFTED_OPTION)
    .option(...PAIR_OPTION)
    .option('--sequence <tasks>', 'two tasks or more, separated by commas, in place of a pair')
    .requiredOption('--encoder <dir>', 'a Hugging Face encoder folder, builtin:english or builtin:tiny')
    .option('--out <dir>', "where results go (default: a folder of the run's own in data-cache/finetune)")
    .option('--rates <rates>', 'one learning rate, or one a layer group: r0,r1,…', '2e-5')
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
  addTaskOptions(addFlags(addEwcCorpus(addRatesFrom(command)), runOptions)).action(
    action(async ({ pair, sequence, original, shifted, dumpGraph, ...typed }: Typed, own: Command) => {
      const options = { ...typed, ...readFlags(runOptions, typed) };
      refuseForeignDecay(options);
      checkRates(options, own.getOptionValueSource('rates') === 'cli');
      if (sequence !== undefined) {
        refuseBesideSequence({
          '--pair': pair,
          '--original': original,
          '--shifted': shifted,
          '--dump-graph': dumpGraph,
        });
        const { runSequenceCommand } = await import('./sequence.js');
        return runSequenceCommand({ ...options, sequence });
      }
      const { runFinetune } = await import('./run.js');
      return runFinetune({ ...options, ...tasksOf({ pair, original, shifted }), dumpGraph });
    }),
  );
}

/** @throws InputError for options that only a pair has */
function refuseBesideSequence(ofPairs: Readonly<Record<string, unknown>>): void {
  const foreign = Object.entries(ofPairs).find(([, value]) => value !== undefined);
  if (foreign)
    throw new InputError(`${foreign[0]} belongs to a pair of tasks; leave it out beside --sequence.`);
}
