/**
 * `layerwise search`: the options of a search for learning rates. The search itself is `../search-run.ts`.
 */
import { Command, Option } from 'commander';
import { InputError } from '@layerwise/errors';
import type { SchedulerName } from '@layerwise/search';
import { addEngineOptions, type EngineOptions } from '../../options/engine-options.js';
import { wholeNumber } from '../../options/option-types.js';
import { ORIGINAL_OPTION, PAIR_OPTION, SHIFTED_OPTION, tasksOf, type TypedPair } from '../../options/pair-options.js';
import { action } from '../../running/run-command.js';
import {
  addSearchOptions,
  repeats,
  schedulerNames,
  type Repeats,
  type SearchOptions,
} from '../../options/search-options.js';
import { addTaskOptions, type TaskOptions } from '../../options/task-options.js';
import { addTrainingOptions, refuseForeignDecay, type TrainingOptions } from '../../options/training-options.js';

/** What `../search-run.ts` receives beside what is trained. */
export interface SearchCommandOptions extends SearchOptions {
  readonly out: string;
  readonly trials: number;
  /** `groups`, `flat`, `decay`, `discriminative` or a file. */
  readonly space: string;
  readonly scheduler: SchedulerName;
  /** The parts that a whole run has: rungs lie at whole numbers of them. */
  readonly full: number;
  /** Worker processes. */
  readonly workers: number;
  /** Training steps that the search may take, repeats not counted; of a command, its units. */
  readonly budget?: number;
  /** Bytes of checkpoints of paused trials. */
  readonly checkpointBudget: number;
  readonly repeats: Repeats;
  /** A file with points that are tried first. */
  readonly given?: string;
  readonly json?: boolean;
}

/** A search whose trials are our own fine-tuning. */
export interface FinetuneSearchOptions
  extends SearchCommandOptions, EngineOptions, TaskOptions, TrainingOptions {
  readonly original: string;
  readonly shifted: string;
  readonly encoder: string;
  readonly protocol: 'held-out' | 'paper';
  readonly heldOut: number;
  /** What a rung means: a name of `RUNG_DESIGNS`. */
  readonly rung: 'resumed' | 'short' | 'cut';
  readonly withControl?: boolean;
  readonly checkpointEvery: number;
}

/** A search whose trials are a person's command. */
export interface CommandSearchOptions extends SearchCommandOptions {
  readonly command: string;
}

/** The options as typed. */
interface Typed extends Omit<FinetuneSearchOptions, 'original' | 'shifted' | 'encoder'>, TypedPair {
  readonly encoder?: string;
  readonly command?: string;
}

// Written down again, because importing what they are of would load it before it is needed; a test compares
// them.
export const spaceNames: readonly string[] = ['groups', 'flat', 'decay', 'discriminative'];
export const protocolNames: readonly string[] = ['held-out', 'paper'];
export const rungNames: readonly string[] = ['resumed', 'short', 'cut'];

export function searchCommand(): Command {
  const command = new Command('search')
    .description(
      'Searches the learning rates of the layer groups with which an encoder learns a second task and keeps the first.',
    )
    .option(...ORIGINAL_OPTION)
    .option(...SHIFTED_OPTION)
    .option(...PAIR_OPTION)
    .option('--encoder <dir>', 'a Hugging Face encoder folder, builtin:english or builtin:tiny')
    .option(
      '--command <line>',
      'your own training in place of ours: docs/search-command.md says how it is started',
    )
    .requiredOption('--out <dir>', 'where the search is kept; the same command again continues it')
    .option('--trials <n>', 'trials, repeats not counted', wholeNumber('--trials', 1), 50)
    .option('--space <name>', `${spaceNames.join(', ')}, or a JSON file with parameters`, 'groups')
    .addOption(
      new Option('--scheduler <name>', 'what stops trials early')
        .choices(schedulerNames)
        .default('hyperband'),
    )
    .option('--full <n>', 'parts of a whole run, at which rungs lie', wholeNumber('--full', 1), 9)
    .option('--workers <n>', 'trials at once, each in a process of its own', wholeNumber('--workers', 1), 1)
    .option('--with-control', 'also searches one rate for all groups with as many steps, and compares')
    .option('--given <file>', 'points that are tried first, in JSON')
    .option('--budget <steps>', 'training steps of the search at most', wholeNumber('--budget', 1))
    .addOption(
      new Option('--repeats <best>x<seeds>', 'so many of the best trials again with so many fresh seeds each')
        .argParser(repeats('--repeats'))
        .default({ best: 3, seeds: 3 }, '3x3'),
    )
    .addOption(
      new Option('--checkpoint-budget <size>', 'disk for checkpoints of paused trials')
        .argParser(bytes)
        .default(20e9, '20GB'),
    )
    .addOption(
      new Option(
        '--protocol <name>',
        'rows that choose: held out of training, or the dev splits as in the paper',
      )
        .choices(protocolNames)
        .default('held-out'),
    )
    .option(
      '--held-out <rows>',
      'rows beyond --train-limit that choose, at most',
      wholeNumber('--held-out', 1),
      1000,
    )
    .addOption(
      new Option('--rung <name>', 'what a rung of two phases is').choices(rungNames).default('resumed'),
    )
    .option(
      '--checkpoint-every <steps>',
      'of a run under way; 0: only when interrupted',
      wholeNumber('--checkpoint-every', 0),
      200,
    )
    .option('--json', 'print one JSON object');
  return addEngineOptions(addTaskOptions(addTrainingOptions(addSearchOptions(command))), 1).action(
    action(async ({ pair, ...given }: Typed, typed: Command) => {
      if (given.command !== undefined) {
        const { command: line } = given;
        refuseOwnTraining({ pair, ...given }, typed);
        const { runCommandSearch } = await import('./run.js');
        return runCommandSearch({ ...given, command: line });
      }
      const { encoder } = given;
      if (encoder === undefined)
        throw new InputError(
          '--encoder is missing: give an encoder folder, or --command for a training of your own.',
        );
      const tasks = tasksOf({ pair, ...given });
      refuseForeignDecay(given);
      const { runFinetuneSearch } = await import('./run.js');
      return runFinetuneSearch({ ...given, ...tasks, encoder });
    }),
  );
}

/** What a command of one's own is told or decides by itself: all other options are of our training. */
const ofAnyTraining = new Set([
  ...['command', 'out', 'trials', 'space', 'scheduler', 'full', 'workers', 'given', 'budget', 'repeats'],
  ...['checkpointBudget', 'json', 'sampler', 'eta', 'seed', 'maxFailures', 'withControl'],
]);

/** @throws InputError when a command of one's own comes with what only ours has */
function refuseOwnTraining({ withControl, space }: Typed, typed: Command): void {
  const foreign = typed.options.find(
    (option) =>
      !ofAnyTraining.has(option.attributeName()) &&
      typed.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (foreign !== undefined)
    throw new InputError(
      `${foreign.long ?? foreign.flags} belongs to our own training; leave it out with --command, which trains by itself.`,
    );
  if (withControl === true)
    throw new InputError('--with-control needs our own training: a command says nothing of layer groups.');
  if (spaceNames.includes(space))
    throw new InputError('--command needs --space FILE, with the parameters that the command understands.');
}

/** `20GB` → bytes. */
function bytes(word: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kMGT]?)B?$/i.exec(word) ?? [];
  const scale = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 }[unit.toUpperCase()];
  if (number !== undefined && scale !== undefined) return Number(number) * scale;
  throw new InputError(`--checkpoint-budget must be a size such as 20GB or 500MB, not "${word}".`);
}
