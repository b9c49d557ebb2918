/** `layerwise tokens`: what an encoder's tokeniser makes of texts. */
import type { Command } from 'commander';
import { writeAnswers } from '../../running/write-answers.js';

export function configure(command: Command): void {
  command
    .requiredOption('--encoder <dir>', 'a Hugging Face encoder folder, builtin:english or builtin:tiny')
    .option('--json', 'print one JSON object a text: {"ids":[…]}')
    .addHelpText('after', TEXTS)
    .action(async ({ encoder, json = false }: { readonly encoder: string; readonly json?: boolean }) => {
      const { tokenLines } = await import('./run.js');
      await writeAnswers(tokenLines(encoder, process.stdin, json));
    });
}

const TEXTS = `
Texts come on stdin, one a line, in UTF-8. A line that is a JSON string, such as "two\\nlines" or "caf\\u00e9",
stands for the text in it. A line of output for each: ID:PIECE of every token, special tokens included;
nothing is cut off. A line has 1,000,000 characters at most, and is answered as soon as it is read.
  printf 'a text\\nanother\\n' | layerwise tokens --encoder DIR --json
`;
