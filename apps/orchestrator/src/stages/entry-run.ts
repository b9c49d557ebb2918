/**
 * One entry of a preset, or a stage on its own, ready to run: its parameters, the paths of its inputs and its
 * folder. `layerwise stage`, `run` and `plan` all come to it here, so that they mean the same by an entry and
 * skip the same.
 */
import {
  drawPlots,
  lacksPlots,
  runStage,
  stageFolder,
  stageStatus,
  type Stage,
  type StageResult,
  type StageStatus,
} from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { interruptible } from '../running/interrupt.js';
import { libraryVersions } from '../running/library-versions.js';
import { say } from '../running/say.js';
import { taskOptionsOf, type TaskOptions } from '../options/task-options.js';
import { refuseUnknown } from './check-preset.js';
import type { Entry } from './entries.js';
import { defaultPreset, withEnvironment, type Preset } from './preset.js';
import { inputPaths, type InputWords } from './stage-inputs.js';

/** A preset with what it is called. */
export interface NamedPreset {
  /** As it was typed. */
  readonly word: string;
  /** Of its folder in the cache. */
  readonly title: string;
  readonly all: Preset;
}

/** What is typed beside the stage's own inputs and parameters. */
export interface EntryWords {
  readonly dataCache: string;
  /** Undefined: the entry's place in the cache. */
  readonly out?: string;
  readonly force?: boolean;
}

export interface EntryResult extends StageResult {
  readonly folder: string;
  /** That were drawn just now. */
  readonly pictures: readonly string[];
}

export interface EntryRun {
  readonly folder: string;
  readonly parameters: Values;
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  /** Whether it need be run, and why. */
  status(): Promise<StageStatus>;
  /** Runs or skips it, and draws its pictures. */
  run(progress: (line: string) => void): Promise<EntryResult>;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * @param preset null: the stage is on its own
 * @param typed values that hold before the entry's
 * @throws InputError for a key that the stage does not have, and for inputs that are not there
 */
export async function entryRun(
  stage: Stage,
  { name, values }: Entry,
  preset: NamedPreset | null,
  typed: EntryWords & TaskOptions & Values,
): Promise<EntryRun> {
  const { dataCache, out, force } = typed;
  const inputNames = Object.keys(stage.inputs ?? {});
  const parameterNames = Object.keys(stage.parameters.shape);
  refuseUnknown(name, `The preset ${preset?.title ?? ''}`, values, [...inputNames, ...parameterNames]);
  const fromPreset = withEnvironment(values, process.env) as Values;
  const taskOptions = taskOptionsOf(typed);
  const title = preset?.title ?? null;
  const inputs = await inputPaths(
    stage,
    wordsOf(typed, inputNames),
    wordsOf(fromPreset, inputNames),
    {
      dataCache,
      preset: title,
      word: preset?.word ?? '',
      entry: name,
      entries: Object.keys(preset?.all ?? {}),
    },
    (input) => taskOptions[input === 'shifted' ? 'shifted' : 'original'],
  );
  const folder = out ?? stageFolder(dataCache, title ?? defaultPreset, name);
  const parameters = { ...only(fromPreset, parameterNames), ...only(typed, parameterNames) };
  return {
    folder,
    parameters,
    inputs,
    status: () => stageStatus(stage, { parameters, inputs, outputFolder: folder }),
    run: async (progress) => {
      const result = await interruptible((signal) =>
        runStage(stage, {
          parameters,
          inputs,
          outputFolder: folder,
          force,
          progress,
          signal,
          versions: libraryVersions(),
        }),
      );
      const isStale = !result.skipped || (await lacksPlots(stage, folder));
      return { ...result, folder, pictures: isStale ? await pictures(stage, folder) : [] };
    },
  };
}

/** Those of a stage that is done: where they cannot be drawn, it still is. */
async function pictures(stage: Stage, folder: string): Promise<readonly string[]> {
  try {
    return (await drawPlots(stage, folder, libraryVersions())) ?? [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    say(`${stage.name}: all is written but the pictures, which the same command draws: ${error.message}`);
    return [];
  }
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
