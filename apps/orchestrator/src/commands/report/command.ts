/** `layerwise report`: one page of whatever artifacts some folders hold. The work is `@layerwise/report`. */
import type { Command } from 'commander';
import { action } from '../../running/run-command.js';

interface ReportCommandOptions {
  readonly from: readonly string[];
  readonly out: string;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .requiredOption(
      '--from <dir...>',
      'folders with artifacts, at any depth: data-cache/PRESET, or single ones',
    )
    .requiredOption('--out <file>', 'the page, such as report.html')
    .option('--json', 'print one JSON object')
    .action(
      action(async ({ from, out }: ReportCommandOptions) => {
        const { writeReport } = await import('@layerwise/report');
        const written = await writeReport(from, out);
        const { bytes, summary, made } = written;
        const kinds = Object.entries(made).map(([kind, count]) => `${kind} ${count}`);
        return {
          text: [
            ...summary,
            '',
            `Read: ${kinds.length === 0 ? 'nothing that a report shows' : kinds.join(', ')}.`,
            `${out} (${(bytes / 1e6).toFixed(2)} MB) opens in any browser.`,
          ].join('\n'),
          json: { out, ...written },
        };
      }),
    );
}
