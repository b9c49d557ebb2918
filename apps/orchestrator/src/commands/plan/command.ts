/**
 * `layerwise plan`: what `layerwise run` would do, and what that takes on this machine. The work is
 * `../plan-run.ts`.
 */
import { Command } from 'commander';
import { action } from '../../running/run-command.js';
import { addPresetOptions, type PresetOptions } from '../run/options.js';

export function planCommand(): Command {
  return addPresetOptions(
    new Command('plan').description(
      'Lists the entries of a preset: which are up to date, why others are not, and their time, memory and disk by a short measurement.',
    ),
  ).action(
    action(async (options: PresetOptions) => {
      const { runPlan } = await import('./run.js');
      return runPlan(options);
    }),
  );
}
