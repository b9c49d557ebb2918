/**
 * What a stage reads, from words to paths: a path or source of the command line, an upstream entry of a
 * preset, a task or encoder that is not a folder yet.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isTaskFolder, type InputDeclaration, type Stage } from '@layerwise/artifacts';
import { importTask, type OpenTaskOptions } from '@layerwise/datasets';
import { InputError } from '@layerwise/errors';
import { warn } from '../running/warnings.js';
import type { Entry } from './entries.js';
import { stageOf } from './registry.js';

/** Where other entries' outputs and imported tasks lie; without a preset a stage is on its own. */
export interface Place {
  readonly dataCache: string;
  /** The name of its folder in the cache. */
  readonly preset: string | null;
  /** What was typed: the preset's name or its file. */
  readonly word: string;
  /** The entry that reads, `NAME` or `NAME@VARIANT`, and all entries that the preset has. */
  readonly entry: string;
  readonly entries: readonly string[];
}

/** Words by the name of the input; `null`: none, even where there is a default. */
export type InputWords = Readonly<Record<string, readonly string[] | null | undefined>>;

/** Words of every input that an entry of a preset reads: entries with a path in them, files, sources. */
export type EntryReads = Readonly<Record<string, readonly string[]>>;

/**
 * What an entry reads by the preset alone. @param entries all that the preset has @throws InputError for its
 * own output
 */
export function readsOf(stage: Stage, { name, values }: Entry, entries: readonly string[]): EntryReads {
  const place = { dataCache: '', preset: '', word: '', entry: name, entries };
  return Object.fromEntries(
    Object.entries(stage.inputs ?? {}).map(([input, declared]) => {
      const value = values[input];
      const words = value === undefined || value === null ? value : [value].flat().map(String);
      return [input, wordsInPipeline(stage, declared, words, place)];
    }),
  );
}

/**
 * The paths of every input that has any.
 * @param typed from the command line: paths and sources
 * @param fromPreset from the preset's entry: these may name other entries too
 * @param taskOptions how files of the task of that input are read
 * @throws InputError for an upstream stage that has not run, or a task or encoder that cannot be read
 */
export async function inputPaths(
  stage: Stage,
  typed: InputWords,
  fromPreset: InputWords,
  place: Place,
  taskOptions: (input: string) => OpenTaskOptions,
): Promise<Record<string, readonly string[]>> {
  const paths: Record<string, readonly string[]> = {};
  for (const [name, declared] of Object.entries(stage.inputs ?? {})) {
    const own = typed[name];
    const words = own ?? wordsInPipeline(stage, declared, fromPreset[name], place);
    const found: string[] = [];
    for (const word of words) {
      const path = own === undefined && entryIn(word) !== undefined ? upstream(stage, word, place) : word;
      found.push(await pathOf(path, declared, taskOptions(name), place));
    }
    if (found.length > 0) paths[name] = found;
    else if (declared.optional !== true) {
      throw new InputError(`--${name} is missing: the stage ${stage.name} needs ${declared.description}.`);
    }
  }
  return paths;
}

function wordsInPipeline(
  { name }: Stage,
  { from }: InputDeclaration,
  words: readonly string[] | null | undefined,
  { preset, entry, entries }: Place,
): readonly string[] {
  if (words === null || preset === null) return words ?? [];
  const foreign = words?.find((word) => entryIn(word) === name);
  if (foreign !== undefined) throw new InputError(`The stage ${name} cannot read its own output ${foreign}.`);
  if (words !== undefined) return words;
  if (from === undefined) return [];
  // What has the same variant goes together: search@sst2-mrpc reads dataset-shift@sst2-mrpc.
  const [upstreamStage = '', ...rest] = from.split('/');
  const variant = entry.split('@')[1];
  const own = `${upstreamStage}@${variant ?? ''}`;
  return [[entries.includes(own) ? own : upstreamStage, ...rest].join('/')];
}

/** The stage that a word such as `embed@shifted` or `datasets/original` names, or undefined for a path. */
function entryIn(word: string): string | undefined {
  return stageOf(word.split('/')[0] ?? '');
}

function upstream(stage: Stage, word: string, { dataCache, preset, word: typed }: Place): string {
  if (preset === null) return word;
  const [entry = ''] = word.split('/');
  const other = entryIn(word) ?? entry;
  if (!stage.after.includes(other)) {
    throw new InputError(
      `The preset ${preset} lets the stage ${stage.name} read ${word}, but it comes after ${stage.after.join(', ')} alone.`,
    );
  }
  const folder = join(dataCache, preset, entry);
  if (existsSync(join(folder, 'manifest.json'))) return join(dataCache, preset, word);
  throw new InputError(
    `The stage ${stage.name} needs what ${entry} makes, but ${folder} is not complete; run \`layerwise stage ${entry} --preset ${typed}\` first.`,
  );
}

async function pathOf(
  word: string,
  { reads }: InputDeclaration,
  taskOptions: OpenTaskOptions,
  { dataCache }: Place,
): Promise<string> {
  if (reads === 'encoder' && word.startsWith('builtin:')) {
    const { openEncoderSource } = await import('../running/encoder-source.js');
    return (await openEncoderSource(word)).folder;
  }
  if (reads !== 'task') return word;
  if ((await isTaskFolder(word)) && taskOptions.trainLimit === undefined) return word;
  const { folder, notes } = await importTask(word, taskOptions, join(dataCache, 'tasks'));
  warn(notes);
  return folder;
}
