/** `layerwise verify DIR`: compares this program with PyTorch's numbers. The work is `../verify-run.ts`. */
import { Command } from 'commander';
import { addEngineOptions, type EngineOptions } from '../../options/engine-options.js';
import { action } from '../../running/run-command.js';

export interface VerifyCommandOptions extends EngineOptions {
  readonly json?: boolean;
}

export function verifyCommand(): Command {
  const command = new Command('verify')
    .description(
      "Compares tokens, logits, gradients and updates with PyTorch's, for every model folder of DIR.",
    )
    .argument('<dir>', 'a folder of model folders with expected.json and expected.safetensors')
    .option('--json', 'print one JSON object');
  return addEngineOptions(command).action(
    action(async (folder: string, options: VerifyCommandOptions) => {
      const { runVerify } = await import('./run.js');
      return runVerify(folder, options);
    }),
  );
}
