/**
 * Runs a stage by name, in a pipeline or on its own.
 *
 * In a pipeline, parameters and inputs come from a preset and from the command line, and everything lies in
 * `data-cache/PRESET/ENTRY/`. With `--out DIR` and no `--preset`, the stage is on its own: what is not on the
 * command line is the stage's default, and outputs lie in DIR.
 */
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Stage } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { duration } from '../progress/meter.js';
import type { Outcome } from '../running/run-command.js';
import { say } from '../running/say.js';
import { addOneTaskOptions, addTaskOptions, type TaskOptions } from '../options/task-options.js';
import { addFlags } from '../options/flags.js';
import { dataCacheFolder } from '../running/workspace.js';
import { entriesOf } from './entries.js';
import { entryRun, type EntryResult, type EntryWords } from './entry-run.js';
import { addInputOptions } from './input-options.js';
import { defaultPreset, presetNames, presetTitle, readPreset } from './preset.js';
import { loadStage, stageOf } from './registry.js';

interface StageOptions extends TaskOptions, EntryWords {
  readonly preset?: string;
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
  const word = presetIn(words);
  const preset = word === null ? null : { word, title: presetTitle(word), all: await readPreset(word) };
  const named = preset === null ? [{ name, values: {} }] : entriesOf(preset.all, name, preset.title);
  const command = await commandOf(stage, named[0]?.values ?? {}, parent);
  command.parse([...words], { from: 'user' });
  const options = command.opts<StageOptions & Values>();
  // The preset has no entry of the stage: only what is typed says what to do.
  const own = [...Object.keys(stage.inputs ?? {}), ...Object.keys(stage.parameters.shape)];
  const isTyped = own.some((key) => options[key] !== undefined);
  const entries = named.length > 0 || !isTyped ? named : [{ name, values: {} }];
  if (options.out !== undefined && entries.length > 1) {
    throw new InputError(
      `--out takes one entry, but the preset ${preset?.title ?? ''} has ${entries.map((entry) => entry.name).join(', ')}; name one of them.`,
    );
  }
  const outcomes: Outcome[] = [];
  for (const entry of entries) {
    const run = await entryRun(stage, entry, preset, options);
    outcomes.push(outcomeOf(entry.name, preset?.title ?? null, await run.run(reporter(entry.name, options))));
  }
  if (outcomes.length === 0) {
    const title = preset?.title ?? '';
    return {
      text: `The preset ${title} has no entry of the stage ${name}: there is nothing to do.`,
      json: { stage: name, preset: title, entries: [] },
    };
  }
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
  addFlags(command, parameters.shape, values);
  command
    .option('--out <dir>', 'where outputs go (default: data-cache/PRESET/STAGE)')
    .option(
      '--preset <name>',
      `whose inputs and parameters hold: ${(await presetNames()).join(', ')}, or a file (default: ${defaultPreset}; with --out, none)`,
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

/**
 * The preset that the words name; null for a stage on its own. The parser proper says what is wrong with
 * them.
 */
function presetIn(words: readonly string[]): string | null {
  const valueOf = (flag: string): string | undefined => {
    const at = words.findLastIndex((word) => word === flag || word.startsWith(`${flag}=`));
    return at < 0 ? undefined : (words[at]?.split('=')[1] ?? words[at + 1] ?? '');
  };
  const preset = valueOf('--preset');
  if (preset === undefined) return valueOf('--out') === undefined ? defaultPreset : null;
  return preset;
}

/** Where the lines of a stage's progress go. */
function reporter(entry: string, { json }: StageOptions): (line: string) => void {
  return (line) => {
    if (json !== true || process.stderr.isTTY) say(`${entry}: ${line}`);
  };
}

function outcomeOf(
  stage: string,
  preset: string | null,
  { manifest, skipped, folder, pictures }: EntryResult,
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
