/** `layerwise run`: a whole preset, from sources to the report. The work is `run.ts`. */
import type { Command } from 'commander';
import { action } from '../../running/run-command.js';
import { addPresetOptions, type PresetOptions } from './options.js';

export function configure(command: Command): void {
  addPresetOptions(command).action(
    action(async (options: PresetOptions) => {
      const { runPreset } = await import('./run.js');
      return runPreset(options);
    }),
  );
}
