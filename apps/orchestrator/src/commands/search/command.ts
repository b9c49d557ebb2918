/** `layerwise search`: a search for learning rates, or for the parameters of a person's own training. */
import type { Command } from 'commander';
import { InputError } from '@layerwise/errors';
import { NAMED_SPACES, rateSearchOptions, studyOptions } from '@layerwise/rate-search/options';
import { addFlags, readFlags } from '../../options/flags.js';
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
import type { FinetuneSearchOptions } from './options.js';

/** Trials at once have a thread each; several are asked for. */
const options = {
  ...rateSearchOptions,
  threads: rateSearchOptions.threads.default(1).describe('threads of a trial'),
};

/** The options as typed. */
type Typed = Omit<FinetuneSearchOptions, keyof typeof options | 'original' | 'shifted' | 'encoder'> &
  TypedPair & { readonly encoder?: string; readonly command?: string };

export function configure(command: Command): void {
  command
    .option(...ORIGINAL_OPTION)
    .option(...SHIFTED_OPTION)
    .option(...PAIR_OPTION)
    .option('--encoder <dir>', 'a Hugging Face encoder folder, builtin:english or builtin:tiny')
    .option(
      '--command <line>',
      'your own training in place of ours: docs/search-command.md says how it is started',
    )
    .requiredOption('--out <dir>', 'where the search is kept; the same command again continues it')
    .option('--given <file>', 'points that are tried first, in JSON')
    .option(
      '--checkpoint-every <steps>',
      'of a run under way; 0: only when interrupted',
      wholeNumber('--checkpoint-every', 0),
      200,
    )
    .option('--json', 'print one JSON object');
  addTaskOptions(addFlags(command, options)).action(
    action(async ({ pair, original, shifted, encoder, command: line, ...typed }: Typed, own: Command) => {
      if (line !== undefined) {
        refuseOwnTraining(own);
        const { runCommandSearch } = await import('./run.js');
        return runCommandSearch({ ...typed, ...readFlags(studyOptions, typed), command: line });
      }
      if (encoder === undefined)
        throw new InputError(
          '--encoder is missing: give an encoder folder, or --command for a training of your own.',
        );
      const tasks = tasksOf({ pair, original, shifted });
      const read = readFlags(options, typed);
      refuseForeignDecay(read);
      const { runFinetuneSearch } = await import('./run.js');
      return runFinetuneSearch({ ...typed, ...read, ...tasks, encoder });
    }),
  );
}

/** What a search of any training has: all other options are of ours. */
const ofAnyTraining = new Set(['command', 'out', 'given', 'json', ...Object.keys(studyOptions)]);

/** @throws InputError when a command of one's own comes with what only our training has */
function refuseOwnTraining(own: Command): void {
  const isTyped = (name: string): boolean => own.getOptionValueSource(name) === 'cli';
  if (isTyped('withControl') && own.getOptionValue('withControl') === true)
    throw new InputError('--with-control needs our own training: a command says nothing of layer groups.');
  const foreign = own.options.find((option) => {
    const name = option.attributeName();
    return !ofAnyTraining.has(name) && name !== 'withControl' && isTyped(name);
  });
  if (foreign !== undefined)
    throw new InputError(
      `${foreign.long ?? foreign.flags} belongs to our own training; leave it out with --command, which trains by itself.`,
    );
  const space: unknown = own.getOptionValue('space');
  if (space === undefined || NAMED_SPACES.some((name) => name === space))
    throw new InputError('--command needs --space FILE, with the parameters that the command understands.');
}
