/** `layerwise evaluate`: methods × pairs × seeds. */
import type { Command } from 'commander';
import { evaluationOptions } from '@layerwise/evaluation/options';
import { addFlags, readFlags } from '../../options/flags.js';
import { addEwcCorpus } from '../../options/method-options.js';
import { names, wholeNumber } from '../../options/option-types.js';
import { refuseForeignDecay } from '../../options/refuse-foreign-decay.js';
import { action } from '../../running/run-command.js';
import type { EvaluateCommandOptions } from './options.js';

/** Runs at once have a thread each; several are asked for. */
const options = {
  ...evaluationOptions,
  threads: evaluationOptions.threads.default(1).describe('threads of a run'),
};

export function configure(command: Command): void {
  command
    .requiredOption(
      '--pairs <list>',
      'pairs separated by commas: folders that a shift wrote, or A:B of tasks (folders, files, builtin:KIND, names in --glue)',
      names('--pairs'),
    )
    .requiredOption('--encoder <dir>', 'a Hugging Face encoder folder, builtin:english or builtin:tiny')
    .requiredOption('--out <dir>', 'where the evaluation is kept; the same command again continues it')
    .option(
      '--searches <dir...>',
      'folders of searches, for flat-tuned, distribution, combined and flat-combined: a pair is known by its name',
    )
    .option('--glue <dir>', 'a folder of GLUE tasks (default: the environment variable GLUE)')
    .option(
      '--checkpoint-every <steps>',
      'of a run under way; 0: only when interrupted',
      wholeNumber('--checkpoint-every', 0),
      200,
    )
    .option('--json', 'print one JSON object');
  addFlags(addEwcCorpus(command), options).action(
    action(async (typed: Omit<EvaluateCommandOptions, keyof typeof options>) => {
      const read = readFlags(options, typed);
      refuseForeignDecay(read);
      const { runEvaluate } = await import('./run.js');
      return runEvaluate({ ...typed, ...read });
    }),
  );
}
