/** `layerwise shift-study`: what a shift does to the accuracy on the first part. */
import { type Command, Option } from 'commander';
import { PAIR_KINDS } from '@layerwise/pairs/options';
import { addFlags, readFlags } from '../../options/flags.js';
import { names } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';
import { shiftStudyOptions, type ShiftStudyCommandOptions } from './options.js';

export function configure(command: Command): void {
  command
    .requiredOption(
      '--tasks <list>',
      'tasks separated by commas: folders, files, builtin:KIND or names in --glue; pairs A:B for --kind dataset',
      names('--tasks'),
    )
    .addOption(
      new Option('--kind <kind>', 'how a task becomes a pair').choices(PAIR_KINDS).makeOptionMandatory(),
    )
    .requiredOption('--encoder <dir>', 'a Hugging Face encoder folder, builtin:english or builtin:tiny')
    .option('--glue <dir>', 'a folder of GLUE tasks (default: the environment variable GLUE)')
    .option(
      '--out <dir>',
      "where results go (default: a folder of the study's own in data-cache/shift-study)",
    )
    .option('--rates <rates>', 'one learning rate, or one a layer group: r0,r1,…', '1e-4')
    .option('--json', 'print one JSON object');
  addFlags(command, shiftStudyOptions).action(
    action(async (typed: Omit<ShiftStudyCommandOptions, keyof typeof shiftStudyOptions>) => {
      const { runShiftStudy } = await import('./run.js');
      return runShiftStudy({ ...typed, ...readFlags(shiftStudyOptions, typed) });
    }),
  );
}
