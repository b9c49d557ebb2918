/** `layerwise combine`: the options of the combination of trials. The work is `run.ts`. */
import { type Command, Option } from 'commander';
import { WEIGHTING_NAMES } from '@layerwise/combination/options';
import { amount, wholeNumber } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';
import type { CombineCommandOptions } from './options.js';

export function configure(command: Command): void {
  command
    .argument('<file...>', "trials.arrow of searches, or logs of the paper's authors (.csv)")
    .addOption(
      new Option('--weights <name>', "how much a pair's trial counts: by rank (the paper), the best alone, …")
        .choices(WEIGHTING_NAMES)
        .default('rank'),
    )
    .option('--b <base>', 'base of the rank weights (default: 1.8)', amount('--b'))
    .option('--top <n>', 'how many of the best --weights top takes (default: 5)', wholeNumber('--top', 1))
    .option(
      '--temperature <p>',
      'of --weights softmax, in units of reward (default: 0.02)',
      amount('--temperature'),
    )
    .option('--leave-one-out', 'also combine without each pair in turn')
    .option('--resamples <n>', 'of the bootstrap over trials', wholeNumber('--resamples', 1), 2000)
    .option('--seed <n>', 'of the bootstrap', wholeNumber('--seed', 0), 1)
    .option(
      '--layers <n>',
      "depth of the encoder that the snippets are for (default: the trials' own)",
      wholeNumber('--layers', 1),
    )
    .option(
      '--prefix <name>',
      "what the encoder's parameters are called by in the model that the snippets are for, such as model.bert (default: its base_model_prefix)",
    )
    .option(
      '--out <dir>',
      'writes combination.json, the figure, snippets for PyTorch, and the manifest there',
    )
    .option('--json', 'print one JSON object')
    .action(
      action(async (files: readonly string[], options: CombineCommandOptions) => {
        const { runCombine } = await import('./run.js');
        return runCombine(files, options);
      }),
    );
}
