/**
 * Runs a stage by name: parameters from its preset and from the command line, inputs and outputs in
 * `data-cache/PRESET/STAGE/`.
 */
import { Command, Option } from 'commander';
import { type StageResult, runStage, stageFolder } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { interruptible } from '../interrupt.js';
import { libraryVersions } from '../library-versions.js';
import { duration } from '../progress/meter.js';
import type { Outcome } from '../run-command.js';
import { dataCacheFolder } from '../workspace.js';
import { addParameterOptions } from './parameter-options.js';
import { defaultPreset, presetNames, readPreset, withEnvironment } from './preset.js';
import { loadStage } from './registry.js';

interface StageOptions {
  readonly preset: string;
  readonly dataCache: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/**
 * @param words what stands behind the stage's name on the command line
 * @param parent the command `stage`, whose output and exit behaviour the stage's own command takes on
 */
export async function runNamedStage(
  name: string,
  words: readonly string[],
  parent: Command,
): Promise<Outcome> {
  const stage = await loadStage(name);
  // Before the options are parsed: the preset's values are the defaults that the help shows.
  const preset = presetIn(words);
  const fromPreset = (await readPreset(preset))[name] ?? {};
  const command = new Command(`layerwise stage ${name}`)
    .copyInheritedSettings(parent)
    .description(stage.description)
    .addOption(
      new Option('--preset <name>', 'whose parameters hold')
        .choices(await presetNames())
        .default(defaultPreset),
    )
    .addOption(
      new Option('--data-cache <dir>', 'holds PRESET/STAGE/').default(dataCacheFolder(), 'data-cache'),
    )
    .option('--force', 'run even where nothing changed')
    .option('--json', 'print one JSON object');
  addParameterOptions(command, stage.parameters, fromPreset);
  command.parse([...words], { from: 'user' });

  const {
    dataCache,
    force,
    json,
    preset: _,
    ...given
  } = command.opts<StageOptions & Record<string, unknown>>();
  const named = withEnvironment({ ...fromPreset, ...given }, process.env) as Record<string, unknown>;
  const parameters = await withEncoderFolder(named);
  refuseUnknown(name, preset, parameters, Object.keys(stage.parameters.shape));
  const outputFolder = stageFolder(dataCache, preset, name);
  const result = await interruptible((signal) =>
    runStage(stage, {
      parameters,
      inputs: Object.fromEntries(stage.after.map((other) => [other, stageFolder(dataCache, preset, other)])),
      outputFolder,
      force,
      progress: (line) => {
        if (!json || process.stderr.isTTY) process.stderr.write(`${name}: ${line}\n`);
      },
      signal,
      versions: libraryVersions(),
    }),
  );
  return describe(name, preset, outputFolder, result);
}

/** A built-in encoder is made here, because a stage's parameters point to folders. */
async function withEncoderFolder(parameters: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { encoder } = parameters;
  if (typeof encoder !== 'string' || !encoder.startsWith('builtin:')) return parameters;
  const { openEncoderSource } = await import('../encoder-source.js');
  return { ...parameters, encoder: (await openEncoderSource(encoder)).folder };
}

/** The preset that the words name; the parser proper says what is wrong with them. */
function presetIn(words: readonly string[]): string {
  const at = words.findLastIndex((word) => word === '--preset' || word.startsWith('--preset='));
  if (at < 0) return defaultPreset;
  return words[at]?.split('=')[1] ?? words[at + 1] ?? defaultPreset;
}

function refuseUnknown(stage: string, preset: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new InputError(
    `presets/${preset}.yaml gives the stage ${stage} a parameter "${unknown}" that it does not have; it has ${known.join(', ')}.`,
  );
}

function describe(
  stage: string,
  preset: string,
  folder: string,
  { manifest, skipped }: StageResult,
): Outcome {
  const { outputs, durationSeconds, counts, notes = [] } = manifest;
  const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
  const lines = [
    skipped
      ? `${stage} (${preset}) is up to date: ${folder}`
      : `${stage} (${preset}) wrote ${outputs.length} files, ${(bytes / 1e6).toFixed(1)} MB, in ${duration(durationSeconds)}: ${folder}`,
    ...Object.entries(counts ?? {}).map(([what, count]) => `  ${what}: ${count}`),
    ...notes.map((note) => `  ${note}`),
  ];
  return { text: lines.join('\n'), json: { stage, preset, folder, skipped, manifest } };
}
