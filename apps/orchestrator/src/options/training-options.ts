/**
 * The options that say how both phases train; every command that fine-tunes has them. Rates and seeds are the
 * command's own.
 */
import { type Command, Option } from 'commander';
import { InputError } from '@layerwise/errors';
import type { OptimizerName, ScheduleName } from '@layerwise/optimizers';
import { amount, share, wholeNumber } from './option-types.js';

export interface TrainingOptions {
  readonly groups: string;
  readonly schedule: ScheduleName;
  /** Share of a phase's steps over which rates rise from 0. */
  readonly warmup: number;
  readonly epochs: number;
  /** Rows a step. */
  readonly batch: number;
  /** Batches whose gradients make one step. */
  readonly accumulate: number;
  readonly groupByLength?: boolean;
  /** Tokens a row, specials included. */
  readonly maxLength: number;
  readonly optimizer: OptimizerName;
  /** AdamW's decay; undefined: PyTorch's 0.01. */
  readonly weightDecay?: number;
  /** Largest global norm of a step's gradient; undefined: no clipping. */
  readonly clipNorm?: number;
  /** Dropout probability in place of the encoder's own; undefined: as its config says. */
  readonly dropout?: number;
  /** Whether layers are computed again in the backward pass, for less memory. */
  readonly recompute?: boolean;
}

// Written down again, because importing the lib would load it before it is needed; a test compares them.
export const scheduleNames: readonly ScheduleName[] = ['cosine', 'linear', 'constant', 'slanted-triangular'];
export const optimizerNames: readonly OptimizerName[] = ['adam', 'adamw', 'sgd'];

export function addTrainingOptions(command: Command): Command {
  return command
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
    .option('--group-by-length', 'makes batches of rows of like length: faster, and not quite at random')
    .option('--max-length <tokens>', 'tokens a row at most', wholeNumber('--max-length', 3), 256)
    .addOption(new Option('--optimizer <name>', 'update rule').choices(optimizerNames).default('adam'))
    .option(
      '--weight-decay <factor>',
      "adamw's, a factor of the rate (default: 0.01)",
      amount('--weight-decay'),
    )
    .option('--clip-norm <norm>', "largest global norm of a step's gradient", amount('--clip-norm'))
    .option('--dropout <p>', "dropout in place of the encoder's own", share('--dropout'))
    .option(
      '--recompute',
      'computes layers again in the backward pass: the same bits, less memory for long texts, more time',
    );
}

/** @throws InputError when another optimiser than AdamW is to decay weights */
export function refuseForeignDecay({ weightDecay, optimizer }: TrainingOptions): void {
  if (weightDecay !== undefined && optimizer !== 'adamw')
    throw new InputError('--weight-decay belongs to --optimizer adamw: adam and sgd have none.');
}
