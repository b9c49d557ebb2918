/** `layerwise run`: a whole preset, from sources to the report. The work is `../preset-run.ts`. */
import { Command, Option } from 'commander';
import { names } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';
import { dataCacheFolder } from '../../running/workspace.js';

/** What `../preset-run.ts` and `../plan-run.ts` receive. */
export interface PresetOptions {
  /** A name or a file. */
  readonly preset: string;
  readonly dataCache: string;
  /** Names of pairs; undefined: all. */
  readonly only?: readonly string[];
  readonly json?: boolean;
}

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

export function addPresetOptions(command: Command): Command {
  return command
    .requiredOption('--preset <name>', 'a preset, or a YAML file that is one')
    .addOption(
      new Option('--only <pairs>', "some of the preset's pairs, separated by commas").argParser(
        names('--only'),
      ),
    )
    .addOption(new Option('--data-cache <dir>', 'holds PRESET/').default(dataCacheFolder(), 'data-cache'))
    .option('--json', 'print one JSON object');
}
