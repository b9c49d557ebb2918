/** `layerwise show FILE`: what an Arrow file holds. The work is `@layerwise/artifacts`. */
import type { Command } from 'commander';
import { wholeNumber } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';

interface ShowCommandOptions {
  readonly limit: number;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('<file>', 'an Arrow IPC file, such as results.arrow')
    .option('--limit <n>', 'rows to print', wholeNumber('--limit', 0), 10)
    .option('--json', 'print one JSON object')
    .action(
      action(async (file: string, { limit, json }: ShowCommandOptions) => {
        const { renderTable, tableAsJson } = await import('@layerwise/artifacts');
        // Either form reads the file: only the wanted one is made.
        return json
          ? { text: '', json: await tableAsJson(file, { limit }) }
          : { text: (await renderTable(file, { limit })).trimEnd(), json: {} };
      }),
    );
}
