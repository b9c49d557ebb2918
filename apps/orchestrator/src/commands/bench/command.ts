/**
 * `layerwise bench step` and `layerwise bench search` (`search-command.ts`): speed, and how well a search
 * searches.
 */
import { Command } from 'commander';
import { addFlags, readFlags } from '../../options/flags.js';
import { wholeNumber } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';
import { benchStepOptions, type BenchStepOptions } from './options.js';
import { benchSearchCommand } from './search-command.js';

export function configure(command: Command): void {
  const step = new Command('step')
    .description('Times a training step of a BERT with random weights: batch, forward, backward, Adam.')
    .requiredOption('--layers <n>', 'encoder layers', wholeNumber('--layers', 1))
    .requiredOption('--hidden <n>', 'width of the hidden states', wholeNumber('--hidden', 1))
    .requiredOption('--heads <n>', 'attention heads', wholeNumber('--heads', 1))
    .option('--profile <dir>', "write onnxruntime's times of every operator there, for chrome://tracing")
    .option('--json', 'print one JSON object');
  addFlags(step, benchStepOptions).action(
    action(async (typed: Omit<BenchStepOptions, keyof typeof benchStepOptions>) => {
      const { runBenchStep } = await import('./step.js');
      return runBenchStep({ ...typed, ...readFlags(benchStepOptions, typed) });
    }),
  );
  command.addCommand(step).addCommand(benchSearchCommand());
}
