/**
 * `layerwise evaluate`: the options of an evaluation of methods × pairs × seeds. The work is
 * `../evaluate-run.ts`.
 */
import { Command } from 'commander';
import { addEngineOptions, type EngineOptions } from '../../options/engine-options.js';
import { addMethodDetails, type MethodOptions } from '../../options/method-options.js';
import { amount, list, wholeNumber } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';
import { addTrainingOptions, refuseForeignDecay, type TrainingOptions } from '../../options/training-options.js';

/** What `../evaluate-run.ts` receives: every option, parsed and within its range. */
export interface EvaluateCommandOptions
  extends EngineOptions, Omit<MethodOptions, 'method' | 'ratesFrom'>, TrainingOptions {
  /** Folders that a shift wrote, or two tasks as `A:B`: names in `glue`, sources or built-in ones. */
  readonly pairs: readonly string[];
  readonly methods: readonly string[];
  readonly seeds: readonly number[];
  readonly encoder: string;
  readonly searches?: readonly string[];
  readonly glue?: string;
  readonly trainLimit?: number;
  readonly out: string;
  /** The flat learning rate. */
  readonly rate: number;
  /** Whether rivals take the rate of flat-tuned in its place. */
  readonly tunedRivals?: boolean;
  readonly workers: number;
  readonly resamples: number;
  readonly checkpointEvery: number;
  readonly json?: boolean;
}

const words = (option: string) => list(option, (word) => word);

export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description(
      'Runs methods on pairs of tasks with several seeds: what they keep of the first task and learn of the second, with tests.',
    )
    .requiredOption(
      '--pairs <list>',
      'pairs separated by commas: folders that a shift wrote, or A:B of tasks (folders, files, builtin:KIND, names in --glue)',
      words('--pairs'),
    )
    .requiredOption('--encoder <dir>', 'a Hugging Face encoder folder, builtin:english or builtin:tiny')
    .requiredOption('--out <dir>', 'where the evaluation is kept; the same command again continues it')
    .option('--methods <list>', 'methods separated by commas', words('--methods'), ['flat', 'single'])
    .option(
      '--seeds <list>',
      'of heads, shuffling and dropout: a run for each',
      list('--seeds', wholeNumber('--seeds', 0)),
      [1, 2, 3],
    )
    .option(
      '--searches <dir...>',
      'folders of searches, for flat-tuned, distribution, combined and flat-combined: a pair is known by its name',
    )
    .option('--glue <dir>', 'a folder of GLUE tasks (default: the environment variable GLUE)')
    .option(
      '--train-limit <rows>',
      'only the first rows of each training split',
      wholeNumber('--train-limit', 1),
    )
    .option('--rate <rate>', 'the learning rate of all methods that search none', amount('--rate'), 2e-5)
    .option(
      '--tuned-rivals',
      'the rate of flat-tuned (of a pair without a search: flat-combined) for all of these but flat',
    )
    .option('--workers <n>', 'runs at once, each in a process of its own', wholeNumber('--workers', 1), 1)
    .option('--resamples <n>', 'of the bootstrap', wholeNumber('--resamples', 100), 2000)
    .option(
      '--checkpoint-every <steps>',
      'of a run under way; 0: only when interrupted',
      wholeNumber('--checkpoint-every', 0),
      200,
    )
    .option('--json', 'print one JSON object');
  return addEngineOptions(addTrainingOptions(addMethodDetails(command)), 1).action(
    action(async (options: EvaluateCommandOptions) => {
      refuseForeignDecay(options);
      const { runEvaluate } = await import('./run.js');
      return runEvaluate(options);
    }),
  );
}
