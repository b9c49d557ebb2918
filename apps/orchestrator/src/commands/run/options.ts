/** The options of `layerwise run` and `layerwise plan`: a preset, or some of its pairs. */
import { type Command, Option } from 'commander';
import { names } from '../../options/option-types.js';
import { dataCacheFolder } from '../../running/workspace.js';

export interface PresetOptions {
  /** A name or a file. */
  readonly preset: string;
  readonly dataCache: string;
  /** Names of pairs; undefined: all. */
  readonly only?: readonly string[];
  readonly json?: boolean;
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
