/** `layerwise run`: a whole preset, from sources to the report. The work is `../preset-run.ts`. */
import { Command, Option } from 'commander';
import { names } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';
import { dataCacheFolder } from '../../running/workspace.js';

export function runPresetCommand(): Command {
  return addPresetOptions(
    new Command('run').description(
      'Runs all stages of a preset, skips what is up to date, and ends with the report; the same command continues.',
    ),
  ).action(
    action(async (options: PresetOptions) => {
      const { runPreset } = await import('./run.js');
      return runPreset(options);
    }),
  );
}

