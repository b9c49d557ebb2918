/**
 * `layerwise bench search`: how near the search comes to the best of functions whose minimum is known. The
 * work is `search.ts`.
 */
import { Command } from 'commander';
import { wholeNumber } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';
import type { BenchSearchOptions } from './search.js';

export function benchSearchCommand(): Command {
  return new Command('search')
    .description(
      'Searches a function whose minimum is known, and prints how much worse than it the best place is.',
    )
    .requiredOption(
      '--function <name>',
      'branin, hartmann6, levy10, rosenbrock10, layered10; with fidelities of 1 to 9 epochs mf-hartmann6, layered10-curve',
    )
    .option('--sampler <name>', 'gp, tpe or random', 'gp')
    .option('--scheduler <name>', 'hyperband, asha or none', 'none')
    .option('--eta <n>', 'factor between rungs', wholeNumber('--eta', 2), 3)
    .option('--trials <n>', 'end after so many trials', wholeNumber('--trials', 2))
    .option('--epochs <n>', 'end after so many epochs instead', wholeNumber('--epochs', 5))
    .option('--seeds <n>', 'searches', wholeNumber('--seeds', 1), 10)
    .option('--seed <n>', 'of the first search; the others follow it', wholeNumber('--seed', 0), 1)
    .option('--json', 'print one JSON object')
    .action(
      action(async (options: BenchSearchOptions) => {
        const { runBenchSearch } = await import('./search.js');
        return runBenchSearch(options);
      }),
    );
}
