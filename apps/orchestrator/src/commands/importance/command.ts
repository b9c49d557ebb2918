/**
 * `layerwise importance`: the options of the question which layer groups matter. The work is
 * `run.ts`.
 */
import type { Command } from 'commander';
import { wholeNumber } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';
import type { ImportanceCommandOptions } from './options.js';

export function configure(command: Command): void {
  command
    .argument('<file>', "trials.arrow of a search, or a log of the paper's authors (.csv)")
    .option('--control <file>', 'trials.arrow of a search for one flat rate, to stand beside it')
    .option('--draws <n>', 'functions drawn from the process, at least 20', wholeNumber('--draws', 20), 100)
    .option('--seed <n>', 'of the draws', wholeNumber('--seed', 0), 1)
    .option('--out <dir>', 'writes importance.json, the figure and the manifest there')
    .option('--json', 'print one JSON object')
    .action(
      action(async (file: string, options: ImportanceCommandOptions) => {
        const { runImportance } = await import('./run.js');
        return runImportance(file, options);
      }),
    );
}
