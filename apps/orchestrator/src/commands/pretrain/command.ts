/** `layerwise pretrain`: masked-language-model training. */
import type { Command } from 'commander';
import { pretrainOptions } from '@layerwise/pretraining/options';
import { addFlags, readFlags } from '../../options/flags.js';
import { action } from '../../running/run-command.js';
import type { PretrainCommandOptions } from './options.js';

export function configure(command: Command): void {
  command
    .requiredOption('--corpus <dir>', 'a folder of .txt files (or one file), one paragraph a line')
    .option('--from <encoder>', 'an encoder folder to start from, with its sizes and its tokeniser')
    .option('--no-neighbours', 'start heads from noise alone, not looking at neighbouring words')
    .option('--summarise', "let [CLS] tell one of its sequence's masked words, too")
    .option(
      '--teacher <encoder>',
      'an encoder folder: sentences are read, and [CLS] learns to point where its vector of each does',
    )
    .option(
      '--out <dir>',
      "where the encoder goes (default: a folder of the run's own in data-cache/pretrain)",
    )
    .option('--half', 'store the weights as 16-bit floats')
    .option('--fresh', 'start over where a checkpoint or an encoder lies')
    .option('--json', 'print one JSON object');
  addFlags(command, pretrainOptions).action(
    action(async (typed: Omit<PretrainCommandOptions, keyof typeof pretrainOptions>) => {
      const { runPretrain } = await import('./run.js');
      return runPretrain({ ...typed, ...readFlags(pretrainOptions, typed) });
    }),
  );
}
