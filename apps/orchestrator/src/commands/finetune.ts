/**
 * `layerwise finetune`: the options of the main job. The job itself is `../finetune-run.ts`.
 */
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { amount, learningRates, share, wholeNumber } from '../option-types.js';
import { action } from '../run-command.js';

/** What `../finetune-run.ts` receives: every option, parsed and within its range. */
export interface FinetuneCommandOptions {
  /** Folders (or `builtin:KIND`) of the first and the second task, and of the encoder (or `builtin:tiny`). */
  readonly original: string;
  readonly shifted: string;
  readonly encoder: string;
  readonly out: string;
  /** One rate for all, or one a layer group (null: a group that the encoder does not have). */
  readonly rates: readonly (number | null)[];
  readonly groups: string;
  readonly schedule: Schedule;
  /** Share of a phase's steps over which rates rise from 0. */
  readonly warmup: number;
  readonly epochs: number;
  /** Rows a step. */
  readonly batch: number;
  /** Batches whose gradients make one step. */
  readonly accumulate: number;
  /** Tokens a row, specials included. */
  readonly maxLength: number;
  /** Rows of each training split; undefined: all. */
  readonly trainLimit?: number;
  readonly optimizer: OptimizerName;
  readonly weightDecay: number;
  /** Largest global norm of a step's gradient; undefined: no clipping. */
  readonly clipNorm?: number;
  /** Dropout probability in place of the encoder's own; undefined: as its config says. */
  readonly dropout?: number;
  readonly seed: number;
  readonly threads: number;
  readonly engine: EngineName;
  /** Steps between checkpoints; 0: only when interrupted. */
  readonly checkpointEvery: number;
  /** Starts over where a checkpoint lies. */
  readonly fresh: boolean;
  readonly skipBadRows: boolean;
  readonly textColumn?: string;
  readonly pairColumn?: string;
  readonly labelColumn?: string;
  /** Prints the recorded graph before training. */
  readonly dumpGraph: boolean;
  readonly json: boolean;
}

const schedules = ['cosine', 'linear', 'constant'] as const;
const optimizers = ['adam', 'adamw', 'sgd'] as const;
const engines = [
  'onnxruntime',
  'tfjs-cpu',
  'tfjs-wasm',
  'tfjs-node',
  'tfjs-node-gpu',
  'webgpu',
  'cuda',
] as const;

type Schedule = (typeof schedules)[number];
type OptimizerName = (typeof optimizers)[number];
type EngineName = (typeof engines)[number];

export function finetuneCommand(): Command {
  return new Command('finetune')
    .description(
      'Fine-tunes an encoder on one task, then on another, and tells how much of the first is left.',
    )
    .requiredOption('--original <dir>', 'the first task: a folder, a file or builtin:KIND')
    .requiredOption('--shifted <dir>', 'the second task, likewise')
    .requiredOption('--encoder <dir>', 'a Hugging Face encoder folder, or builtin:tiny')
    .option('--out <dir>', 'where results go', 'data-cache/finetune')
    .option(
      '--rates <rates>',
      'one learning rate, or one a layer group: r0,r1,…',
      learningRates('--rates'),
      [2e-5],
    )
    .option('--groups <grouping>', 'layer groups: paper, paper-ceil, layers, or a file of patterns', 'paper')
    .addOption(
      new Option('--schedule <name>', 'how rates change over a phase').choices(schedules).default('cosine'),
    )
    .option('--warmup <share>', "share of a phase's steps over which rates rise", share('--warmup'), 0.1)
    .option('--epochs <n>', 'passes over each training split', wholeNumber('--epochs', 1), 3)
    .option('--batch <rows>', 'rows a step', wholeNumber('--batch', 1), 16)
    .option('--accumulate <n>', 'batches whose gradients make one step', wholeNumber('--accumulate', 1), 1)
    .option('--max-length <tokens>', 'tokens a row at most', wholeNumber('--max-length', 3), 256)
    .option(
      '--train-limit <rows>',
      'only the first rows of each training split',
      wholeNumber('--train-limit', 1),
    )
    .addOption(new Option('--optimizer <name>', 'update rule').choices(optimizers).default('adam'))
    .option('--weight-decay <factor>', 'decay of weights, a factor of the rate', amount('--weight-decay'), 0)
    .option('--clip-norm <norm>', "largest global norm of a step's gradient", amount('--clip-norm'))
    .option('--dropout <p>', "dropout in place of the encoder's own", share('--dropout'))
    .option('--seed <n>', 'of heads, shuffling and dropout', wholeNumber('--seed', 0), 1)
    .option('--threads <n>', 'threads of the engine', wholeNumber('--threads', 1), availableParallelism())
    .addOption(new Option('--engine <name>', 'what computes').choices(engines).default('onnxruntime'))
    .option(
      '--checkpoint-every <steps>',
      '0: only when interrupted',
      wholeNumber('--checkpoint-every', 0),
      200,
    )
    .option('--fresh', 'start over where a checkpoint lies', false)
    .option('--skip-bad-rows', 'leave out and count rows that cannot be read', false)
    .option('--text-column <name>', 'column of the sentence')
    .option('--pair-column <name>', 'column of the second sentence')
    .option('--label-column <name>', 'column of the label')
    .option('--dump-graph', 'print the recorded graph first', false)
    .option('--json', 'print one JSON object', false)
    .action(
      action(async (options: FinetuneCommandOptions) => {
        const { runFinetune } = await import('../finetune-run.js');
        return runFinetune(options);
      }),
    );
}
