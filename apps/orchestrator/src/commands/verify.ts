/** `layerwise verify DIR`: compares this program with PyTorch's numbers. The work is `../verify-run.ts`. */
import { Command } from 'commander';
import { wholeNumber } from '../option-types.js';
import { action } from '../run-command.js';

export interface VerifyCommandOptions {
  readonly threads: number;
  readonly json: boolean;
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      "Compares tokens, logits, gradients and updates with PyTorch's, for every model folder of DIR.",
    )
    .argument('<dir>', 'a folder of model folders with expected.json and expected.safetensors')
    .option('--threads <n>', 'threads of the engine', wholeNumber('--threads', 1), 2)
    .option('--json', 'print one JSON object', false)
    .action(
      action(async (folder: string, options: VerifyCommandOptions) => {
        const { runVerify } = await import('../verify-run.js');
        return runVerify(folder, options);
      }),
    );
}
