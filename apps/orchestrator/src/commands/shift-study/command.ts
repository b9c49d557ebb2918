/**
 * `layerwise shift-study`: the options of the study of a shift. The work is `../shift-study-run.ts`.
 */
import { Command, Option } from 'commander';
import type { Pooling } from '@layerwise/model';
import type { ScheduleName } from '@layerwise/optimizers';
import type { PairKind } from '@layerwise/pairs';
import { addEngineOptions, type EngineOptions } from '../../options/engine-options.js';
import { list, share, wholeNumber } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';
import { scheduleNames } from '../../options/training-options.js';

/** What `../shift-study-run.ts` receives: every option, parsed and within its range. */
export interface ShiftStudyCommandOptions extends EngineOptions {
  /** Sources of tasks, or names of folders in `glue`; `A:B` for the kind dataset. */
  readonly tasks: readonly string[];
  readonly kind: PairKind;
  readonly encoder: string;
  readonly glue?: string;
  /** Undefined: a folder of the study's own in data-cache/shift-study. */
  readonly out?: string;
  readonly rates: string;
  readonly groups: string;
  readonly schedule: ScheduleName;
  readonly warmup: number;
  /** One number for all tasks, or one a task. */
  readonly epochs: readonly number[];
  readonly batch: number;
  readonly maxLength: number;
  /** Training rows of each task, before it is cut; undefined: all. */
  readonly trainLimit?: number;
  /** Of the sample of training rows, of the clusters and of the bootstrap. */
  readonly dataSeed: number;
  readonly seeds: readonly number[];
  readonly minimumRows: number;
  readonly pooling?: Pooling;
  readonly k: number;
  readonly resamples: number;
  readonly checkpointEvery: number;
  readonly json?: boolean;
}

// Written down again, because importing the libs would load them before they are needed; a test compares
// them.
export const poolings: readonly Pooling[] = ['cls', 'mean'];
export const pairKinds: readonly PairKind[] = ['length', 'cluster', 'dataset'];

export function shiftStudyCommand(): Command {
  const command = new Command('shift-study')
    .description(
      'Tells what a shift does: accuracy on D_o before and after training on D_s, beside D_s alone and both mixed.',
    )
    .requiredOption(
      '--tasks <list>',
      'tasks separated by commas: folders, files, builtin:KIND or names in --glue; pairs A:B for --kind dataset',
      list('--tasks', (word) => word),
    )
    .addOption(
      new Option('--kind <kind>', 'how a task becomes a pair').choices(pairKinds).makeOptionMandatory(),
    )
    .requiredOption('--encoder <dir>', 'a Hugging Face encoder folder, builtin:english or builtin:tiny')
    .option('--glue <dir>', 'a folder of GLUE tasks (default: the environment variable GLUE)')
    .option(
      '--out <dir>',
      "where results go (default: a folder of the study's own in data-cache/shift-study)",
    )
    .option('--rates <rates>', 'one learning rate, or one a layer group: r0,r1,…', '1e-4')
    .option('--groups <grouping>', 'layer groups: paper, paper-ceil, layers, or a file of patterns', 'paper')
    .addOption(
      new Option('--schedule <name>', 'how rates change over a phase')
        .choices(scheduleNames)
        .default('cosine'),
    )
    .option('--warmup <share>', "share of a phase's steps over which rates rise", share('--warmup'), 0.1)
    .option('--epochs <n>', 'passes over each training set, or one number a task: n,m,…', epochs, [3])
    .option('--batch <rows>', 'rows a step', wholeNumber('--batch', 1), 16)
    .option('--max-length <tokens>', 'tokens a row at most', wholeNumber('--max-length', 3), 256)
    .option(
      '--train-limit <rows>',
      'training rows of a task at most, a seeded sample',
      wholeNumber('--train-limit', 2),
    )
    .option(
      '--data-seed <n>',
      'of that sample, of clusters and of the bootstrap',
      wholeNumber('--data-seed', 0),
      1,
    )
    .option('--seeds <list>', 'of heads, shuffling and dropout: a run for each', seeds, [1, 2, 3])
    .option(
      '--minimum-rows <n>',
      'least rows of each split of each part',
      wholeNumber('--minimum-rows', 1),
      10,
    )
    .addOption(
      new Option(
        '--pooling <name>',
        "for clusters: a text's vector (default: as the encoder's folder says, else cls)",
      ).choices(poolings),
    )
    .option(
      '--k <clusters>',
      'for clusters: how many; D_o is the largest, D_s the next',
      wholeNumber('--k', 2),
      2,
    )
    .option('--resamples <n>', 'of the bootstrap', wholeNumber('--resamples', 100), 10_000)
    .option(
      '--checkpoint-every <steps>',
      '0: only when interrupted',
      wholeNumber('--checkpoint-every', 0),
      200,
    )
    .option('--json', 'print one JSON object');
  return addEngineOptions(command).action(
    action(async (options: ShiftStudyCommandOptions) => {
      const { runShiftStudy } = await import('./run.js');
      return runShiftStudy(options);
    }),
  );
}

const epochs = list('--epochs', wholeNumber('--epochs', 1));
const seeds = list('--seeds', wholeNumber('--seeds', 0));
