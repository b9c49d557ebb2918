/** `layerwise search-status DIR`: how far a search is. The work is `run.ts`. */
import type { Command } from 'commander';
import { wholeNumber } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';
import type { SearchStatusCommandOptions } from './options.js';

export function configure(command: Command): void {
  command
    .argument('<dir>', 'the folder of a search')
    .option('--best <n>', 'trials in the table', wholeNumber('--best', 1), 10)
    .option('--json', 'print one JSON object')
    .action(
      action(async (folder: string, options: SearchStatusCommandOptions) => {
        const { runSearchStatus } = await import('./run.js');
        return runSearchStatus(folder, options);
      }),
    );
}
