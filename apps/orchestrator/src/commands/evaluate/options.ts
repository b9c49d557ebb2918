/** The options of `layerwise evaluate`, as its work receives them. */
import type { EvaluationOptions } from '@layerwise/evaluation/options';
import type { MethodFiles } from '../../options/method-options.js';

export interface EvaluateCommandOptions extends EvaluationOptions, Omit<MethodFiles, 'ratesFrom'> {
  /** Folders that a shift wrote, or two tasks as `A:B`: names in `glue`, sources or built-in ones. */
  readonly pairs: readonly string[];
  readonly encoder: string;
  readonly searches?: readonly string[];
  readonly glue?: string;
  readonly out: string;
  readonly checkpointEvery: number;
  readonly json?: boolean;
}
