/** `layerwise verify DIR`: compares this program with PyTorch's numbers. */
import type { Command } from 'commander';
import { engineOptions } from '@layerwise/engine/options';
import { addFlags, readFlags } from '../../options/flags.js';
import { action } from '../../running/run-command.js';
import type { VerifyCommandOptions } from './options.js';

export function configure(command: Command): void {
  command
    .argument('<dir>', 'a folder of model folders with expected.json and expected.safetensors')
    .option('--json', 'print one JSON object');
  addFlags(command, engineOptions).action(
    action(async (folder: string, typed: Omit<VerifyCommandOptions, keyof typeof engineOptions>) => {
      const { runVerify } = await import('./run.js');
      return runVerify(folder, { ...typed, ...readFlags(engineOptions, typed) });
    }),
  );
}
