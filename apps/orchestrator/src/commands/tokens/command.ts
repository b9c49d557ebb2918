/** `layerwise tokens`: what an encoder's tokeniser makes of texts. */
import type { Command } from 'commander';
import { action } from '../../running/run-command.js';

export function configure(command: Command): void {
  command
    .requiredOption('--encoder <dir>', 'a Hugging Face encoder folder, builtin:english or builtin:tiny')
    .option('--json', 'print one JSON object a text: {"ids":[…]}')
    .addHelpText('after', TEXTS)
    .action(
      action(async ({ encoder }: { readonly encoder: string }) => {
        const { runTokens } = await import('./run.js');
        return runTokens(encoder, process.stdin);
      }),
    );
}

const TEXTS = `
Texts come on stdin, one a line, in UTF-8. A line that is a JSON string, such as "two\\nlines" or "caf\\u00e9",
stands for the text in it. A line of output for each: ID:PIECE of every token, special tokens included;
nothing is cut off.
  printf 'a text\\nanother\\n' | layerwise tokens --encoder DIR --json
`;
