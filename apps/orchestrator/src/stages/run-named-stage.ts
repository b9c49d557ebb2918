/**
 * Runs a stage by name, in a pipeline or on its own.
 *
 * In a pipeline, parameters and inputs come from a preset and from the command line, and everything lies in
 * `data-cache/PRESET/ENTRY/`. With `--out DIR` and no `--preset`, the stage is on its own: what is not on the command line is
 * the stage's default, and outputs lie in DIR.
 */
import { join } from 'node:path';
import { Command, Option } from 'commander';
import {
  drawPlots,
  lacksPlots,
  runStage,
  stageFolder,
  type Stage,
  type StageResult,
} from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { interruptible } from '../interrupt.js';
import { libraryVersions } from '../library-versions.js';
import { duration } from '../progress/meter.js';
import type { Outcome } from '../run-command.js';
import { addOneTaskOptions, addTaskOptions, taskOptionsOf, type TaskOptions } from '../task-options.js';
import { dataCacheFolder } from '../workspace.js';
import { entriesOf, type Entry } from './entries.js';
import { addInputOptions, addParameterOptions } from './parameter-options.js';
import { defaultPreset, presetNames, readPreset, withEnvironment } from './preset.js';
import { loadStage, stageOf } from './registry.js';
import { inputPaths, type InputWords } from './stage-inputs.js';

interface StageOptions extends TaskOptions {
  readonly preset?: string;
  readonly dataCache: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * @param name a stage, or one entry of a preset: `embed@shifted`
 * @param words what stands behind the name on the command line
 * @param parent the command `stage`, whose output and exit behaviour the stage's own command takes on
 */
export async function runNamedStage(
  name: string,
  words: readonly string[],
  parent: Command,
): Promise<Outcome> {
  const stage = await loadStage(stageOf(name) ?? name);
  // Before the options are parsed: the preset's values are the defaults that the help shows.
  const preset = presetIn(words);
  const entries =
    preset === null ? [{ name, values: {} }] : entriesOf(await readPreset(preset), name, preset);
  const command = await commandOf(stage, entries[0]?.values ?? {}, parent);
  command.parse([...words], { from: 'user' });
  const options = command.opts<StageOptions & Values>();
  if (options.out !== undefined && entries.length > 1) {
    throw new InputError(
      `--out takes one entry, but presets/${preset ?? ''}.yaml has ${entries.map((entry) => entry.name).join(', ')}; name one of them.`,
    );
  }
  const outcomes: Outcome[] = [];
  for (const entry of entries) outcomes.push(await runEntry(stage, entry, preset, options));
  const [only] = outcomes;
  if (only !== undefined && outcomes.length === 1) return only;
  return {
    text: outcomes.map(({ text }) => text).join('\n'),
    json: { entries: outcomes.map(({ json }) => json) },
  };
}

async function commandOf(stage: Stage, values: Values, parent: Command): Promise<Command> {
  const { inputs = {}, parameters } = stage;
  const command = new Command(`layerwise stage ${stage.name}`)
    .copyInheritedSettings(parent)
    .description(stage.description);
  addInputOptions(command, inputs, values);
  addParameterOptions(command, parameters, values);
  command
    .option('--out <dir>', 'where outputs go (default: data-cache/PRESET/STAGE)')
    .addOption(
      new Option(
        '--preset <name>',
        `whose inputs and parameters hold (default: ${defaultPreset}; with --out, none)`,
      ).choices(await presetNames()),
    )
    .addOption(
      new Option('--data-cache <dir>', 'holds PRESET/STAGE/').default(dataCacheFolder(), 'data-cache'),
    )
    .option('--force', 'run even where nothing changed')
    .option('--json', 'print one JSON object');
  const tasks = Object.values(inputs).filter(({ reads }) => reads === 'task').length;
  if (tasks === 1) addOneTaskOptions(command);
  if (tasks > 1) addTaskOptions(command);
  return command;
}

async function runEntry(
  stage: Stage,
  { name, values }: Entry,
  preset: string | null,
  options: StageOptions & Values,
): Promise<Outcome> {
  const { dataCache, out, force, json } = options;
  const inputNames = Object.keys(stage.inputs ?? {});
  const parameterNames = Object.keys(stage.parameters.shape);
  refuseUnknown(name, preset, values, [...inputNames, ...parameterNames]);
  const fromPreset = withEnvironment(values, process.env) as Values;
  const taskOptions = taskOptionsOf(options);
  const inputs = await inputPaths(
    stage,
    wordsOf(options, inputNames),
    wordsOf(fromPreset, inputNames),
    { dataCache, preset },
    (input) => taskOptions[input === 'shifted' ? 'shifted' : 'original'],
  );
  const outputFolder = out ?? stageFolder(dataCache, preset ?? defaultPreset, name);
  const result = await interruptible((signal) =>
    runStage(stage, {
      parameters: { ...only(fromPreset, parameterNames), ...only(options, parameterNames) },
      inputs,
      outputFolder,
      force,
      progress: (line) => {
        if (!json || process.stderr.isTTY) process.stderr.write(`${name}: ${line}\n`);
      },
      signal,
      versions: libraryVersions(),
    }),
  );
  const isStale = !result.skipped || (await lacksPlots(stage, outputFolder));
  const pictures = isStale ? await drawPlots(stage, outputFolder, libraryVersions()) : null;
  return describe(name, preset, outputFolder, result, pictures ?? []);
}

/** The preset that the words name; null for a stage on its own. The parser proper says what is wrong with them. */
function presetIn(words: readonly string[]): string | null {
  const valueOf = (flag: string): string | undefined => {
    const at = words.findLastIndex((word) => word === flag || word.startsWith(`${flag}=`));
    return at < 0 ? undefined : (words[at]?.split('=')[1] ?? words[at + 1] ?? '');
  };
  const preset = valueOf('--preset');
  if (preset === undefined) return valueOf('--out') === undefined ? defaultPreset : null;
  return preset;
}

/** The values of these inputs as lists of words. */
function wordsOf(values: Values, names: readonly string[]): InputWords {
  return Object.fromEntries(
    names.map((name) => {
      const value = values[name];
      return [name, value === undefined || value === null ? value : [value].flat().map(String)];
    }),
  );
}

function only(values: Values, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]),
  );
}

function refuseUnknown(entry: string, preset: string | null, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new InputError(
    `presets/${preset ?? ''}.yaml gives the stage ${entry} a parameter "${unknown}" that it does not have; it has ${known.join(', ')}.`,
  );
}

function describe(
  stage: string,
  preset: string | null,
  folder: string,
  { manifest, skipped }: StageResult,
  pictures: readonly string[],
): Outcome {
  const { outputs, durationSeconds, counts, notes = [] } = manifest;
  const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
  const title = preset === null ? stage : `${stage} (${preset})`;
  const drawn = pictures.filter((picture) => picture.endsWith('.svg'));
  const lines = [
    skipped
      ? `${title} is up to date: ${folder}`
      : `${title} wrote ${outputs.length} ${outputs.length === 1 ? 'file' : 'files'}, ${(bytes / 1e6).toFixed(1)} MB, in ${duration(durationSeconds)}: ${folder}`,
    ...Object.entries(counts ?? {}).map(([what, count]) => `  ${what}: ${count}`),
    ...notes.map((note) => `  ${note}`),
    ...(drawn.length > 0 ? [`  pictures: ${drawn.map((picture) => join(folder, picture)).join(', ')}`] : []),
  ];
  return { text: lines.join('\n'), json: { stage, preset, folder, skipped, manifest, pictures } };
}
