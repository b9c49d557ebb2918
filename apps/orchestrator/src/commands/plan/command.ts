/**
 * `layerwise plan`: what `layerwise run` would do, and what that takes on this machine. The work is
 * `run.ts`.
 */
import type { Command } from 'commander';
import { action } from '../../running/run-command.js';
import { addPresetOptions, type PresetOptions } from '../run/options.js';

export function configure(command: Command): void {
  addPresetOptions(command).action(
    action(async (options: PresetOptions) => {
      const { runPlan } = await import('./run.js');
      return runPlan(options);
    }),
  );
}
