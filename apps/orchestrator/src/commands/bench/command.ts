/**
 * `layerwise bench step`: the time of one training step. The work is `../bench-run.ts`; `bench search` is
 * `bench-search.ts`.
 */
import { Command } from 'commander';
import { benchSearchCommand } from './search-options.js';
import { addEngineOptions, type EngineOptions } from '../../options/engine-options.js';
import { share, wholeNumber } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';

export interface BenchStepOptions extends EngineOptions {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly batch: number;
  readonly length: number;
  readonly steps: number;
  readonly dropout: number;
  readonly recompute?: boolean;
  readonly seed: number;
  /** A folder for onnxruntime's times of every operator; undefined: nothing is timed within a step. */
  readonly profile?: string;
  readonly json?: boolean;
}

export function benchCommand(): Command {
  const step = new Command('step')
    .description('Times a training step of a BERT with random weights: batch, forward, backward, Adam.')
    .requiredOption('--layers <n>', 'encoder layers', wholeNumber('--layers', 1))
    .requiredOption('--hidden <n>', 'width of the hidden states', wholeNumber('--hidden', 1))
    .requiredOption('--heads <n>', 'attention heads', wholeNumber('--heads', 1))
    .option('--batch <rows>', 'rows a step', wholeNumber('--batch', 1), 16)
    .option('--length <tokens>', 'tokens a row', wholeNumber('--length', 3), 64)
    .option('--steps <n>', 'steps that are timed', wholeNumber('--steps', 1), 20)
    .option('--dropout <p>', 'dropout probability', share('--dropout'), 0.1)
    .option('--recompute', 'computes layers again in the backward pass, for less memory')
    .option('--seed <n>', 'of weights, ids and dropout', wholeNumber('--seed', 0), 1)
    .option('--profile <dir>', "write onnxruntime's times of every operator there, for chrome://tracing")
    .option('--json', 'print one JSON object');
  addEngineOptions(step).action(
    action(async (options: BenchStepOptions) => {
      const { runBenchStep } = await import('./step.js');
      return runBenchStep(options);
    }),
  );
  return new Command('bench')
    .description('Measures speed on this machine, and how well a search searches.')
    .addCommand(step)
    .addCommand(benchSearchCommand());
}
