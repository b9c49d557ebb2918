/** The options of `layerwise finetune`, as its work receives them. */
import type { RunOptions } from '@layerwise/finetune/options';
import type { MethodFiles } from '../../options/method-options.js';
import type { TaskOptions } from '../../options/task-options.js';

/** Of a pair and of a sequence: every option, parsed and within its range. */
export interface TrainingCommandOptions extends RunOptions, MethodFiles, TaskOptions {
  /** A folder, `builtin:english` or `builtin:tiny`. */
  readonly encoder: string;
  /** Undefined: a folder of the run's own in data-cache/finetune. */
  readonly out?: string;
  /**
   * One rate for all, or one a layer group separated by commas, for `parseRates` of `@layerwise/optimizers`.
   */
  readonly rates: string;
  /** Steps between checkpoints; 0: only when interrupted. */
  readonly checkpointEvery: number;
  /** Starts over where a checkpoint lies. */
  readonly fresh?: boolean;
  /** Also writes each task's head with the encoder as a Hugging Face classification folder. */
  readonly classifiers?: boolean;
  readonly json?: boolean;
}

export interface FinetuneCommandOptions extends TrainingCommandOptions {
  /** Folders (or `builtin:KIND`) of the first and the second task. */
  readonly original: string;
  readonly shifted: string;
  /** Prints the recorded graph before training. */
  readonly dumpGraph?: boolean;
}

export interface SequenceCommandOptions extends TrainingCommandOptions {
  /** Folders or `builtin:KIND`, separated by commas. */
  readonly sequence: string;
}
