/** `layerwise plots`: draws pictures again from the artifacts that exist, and computes nothing else. */
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { InputError } from '@layerwise/errors';
import { action, type Outcome } from '../../running/run-command.js';
import { dataCacheFolder } from '../../running/workspace.js';
import { defaultPreset } from '../../stages/preset.js';

interface PlotsOptions {
  readonly preset: string;
  readonly dataCache: string;
  readonly from?: string;
}

export function configure(command: Command): void {
  command
    .argument('[stage]', 'the stage, or one entry of a preset; without it, all')
    .option('--from <dir>', "a stage's output folder (default: data-cache/PRESET/STAGE)")
    .option('--preset <name>', 'whose artifacts are drawn', defaultPreset)
    .addOption(
      new Option('--data-cache <dir>', 'holds PRESET/STAGE/').default(dataCacheFolder(), 'data-cache'),
    )
    .option('--json', 'print one JSON object')
    .action(action(drawAll));
}

async function drawAll(name: string | undefined, options: PlotsOptions): Promise<Outcome> {
  const { drawPlots, stageFolder } = await import('@layerwise/artifacts');
  const { loadStage, stageNames, stageOf } = await import('../../stages/registry.js');
  const { entriesOf } = await import('../../stages/entries.js');
  const { presetTitle, readPreset } = await import('../../stages/preset.js');
  const { libraryVersions } = await import('../../running/library-versions.js');
  const { preset, dataCache, from } = options;
  if (from !== undefined && name === undefined) {
    throw new InputError('--from needs the name of the stage whose output it is.');
  }
  const names = name === undefined ? stageNames : [name];
  const parsed = await readPreset(preset);
  const entries = names.flatMap((one) =>
    from === undefined ? entriesOf(parsed, one, preset).map((entry) => entry.name) : [one],
  );
  const pictures: string[] = [];
  const missing: string[] = [];
  for (const entry of entries) {
    const stage = await loadStage(stageOf(entry) ?? entry);
    if (stage.plots === undefined) continue;
    const folder = from ?? stageFolder(dataCache, presetTitle(preset), entry);
    const drawn = await drawPlots(stage, folder, libraryVersions());
    if (drawn === null) missing.push(folder);
    else pictures.push(...drawn.map((picture) => join(folder, picture)));
  }
  const lines = [
    ...pictures.filter((file) => file.endsWith('.svg')),
    ...missing.map((folder) => `nothing is drawn from ${folder}: it is not complete`),
  ];
  return {
    text: lines.length > 0 ? lines.join('\n') : `${names.join(', ')}: there are no pictures`,
    json: { pictures, missing },
  };
}
