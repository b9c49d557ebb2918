/**
 * Which files are a task's train, dev and test split: in a folder `train.tsv`, or Hugging Face's shards
 * `train-00000-of-00002.parquet`, in the folder itself, in `data/` or in its one configuration subfolder; or
 * one file that the caller names.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { InputError } from '@layerwise/errors';
import { cannotRead, kindOf } from '../formats/files.js';
import { FORMATS, formatOf } from '../formats/formats.js';
import type { TaskFileOptions } from '../options.js';

export interface SplitFiles {
  readonly name: string;
  readonly train: readonly string[];
  readonly dev: readonly string[];
  readonly test: readonly string[];
}

const DEV_STEMS = ['dev', 'validation', 'valid', 'val'];

/** Finds the files of each split; `test` is empty where there is none. Throws `InputError`. */
export function findSplitFiles(source: string, options: TaskFileOptions): SplitFiles {
  const kind = kindOf(source);
  if (kind === 'nothing')
    throw new InputError(`There is no task at ${source}; give a folder, a file or builtin:NAME`);
  if (kind === 'file') {
    const folder = dirname(source);
    const train = [source];
    const beside = list(folder, 'file').filter((name) => name !== basename(source));
    const dev = devFiles(folder, beside, options, extname(source));
    if (dev.length === 0)
      throw new InputError(`There is no dev file beside ${source}; name it with --dev-file`);
    return { name: basename(source, extname(source)), train, dev, test: [] };
  }
  const folder = folderOfSplits(source);
  const names = list(folder, 'file');
  const train = filesOf(folder, names, ['train'], options.format);
  if (train.length === 0) {
    const unknown = names.find((name) => stemOf(name) === 'train');
    if (unknown !== undefined) formatOf(join(folder, unknown), undefined);
    throw new InputError(
      `${source} has no train file; it needs train.tsv, train.csv, train.jsonl or train-*.parquet, and dev or validation likewise`,
    );
  }
  const dev = devFiles(folder, names, options, extname(train[0] ?? ''));
  if (dev.length === 0)
    throw new InputError(
      `${folder} has no dev or validation file beside ${basename(train[0] ?? '')}; name it with --dev-file`,
    );
  const test = filesOf(folder, names, ['test', `test_${options.devSplit ?? 'matched'}`], options.format);
  return { name: basename(resolve(source)), train, dev, test };
}

/** Dev files that do not lie in `source`: those beside a file, or the one that the caller names. */
export function devFilesApart(source: string, options: TaskFileOptions): readonly string[] {
  const kind = kindOf(source);
  if (kind === 'file') return findSplitFiles(source, options).dev;
  const { devFile } = options;
  return kind === 'folder' && devFile !== undefined && kindOf(devFile) === 'file' ? [devFile] : [];
}

function devFiles(
  folder: string,
  names: readonly string[],
  { devFile, devSplit, format }: TaskFileOptions,
  extension: string,
): readonly string[] {
  if (devFile !== undefined) {
    const inside = join(folder, devFile);
    const file = !isAbsolute(devFile) && kindOf(inside) === 'file' ? inside : devFile;
    if (kindOf(file) !== 'file')
      throw new InputError(`There is no dev file ${devFile}, neither in ${folder} nor by that path`);
    return [file];
  }
  const stems = DEV_STEMS.map((stem) => `${stem}_${devSplit ?? 'matched'}`);
  const parts = filesOf(folder, names, stems, format);
  if (parts.length > 0) return parts;
  if (devSplit !== undefined)
    throw new InputError(
      `${folder} has no dev_${devSplit} file; leave --dev-split out for a task with one dev set`,
    );
  return filesOf(folder, names, DEV_STEMS, format, extension);
}

/** The files of the first stem that has any: one file, or all shards of one. */
function filesOf(
  folder: string,
  names: readonly string[],
  stems: readonly string[],
  format: TaskFileOptions['format'],
  preferred?: string,
): readonly string[] {
  const formats = format === undefined ? Object.values(FORMATS) : [formatOf('', format)];
  const extensions = formats.flatMap((one) => one.extensions);
  for (const stem of stems) {
    const named = names.filter((name) => stemOf(name) === stem);
    const fitting = named.filter((name) => extensions.includes(extname(name).toLowerCase()));
    // Who names a format knows better than the end of a file's name.
    const found = fitting.length === 0 && format !== undefined ? named : fitting;
    const alike = found.filter((name) => extname(name) === preferred);
    const files = alike.length > 0 ? alike : found;
    const first = files[0];
    if (first === undefined) continue;
    const shards = files.map(shardOf);
    if (shards.every((shard) => shard !== null)) {
      const count = shards[0]!.of;
      if (files.length !== count || shards.some((shard, i) => shard.number !== i || shard.of !== count))
        throw new InputError(
          `${folder} has ${files.length} of the files ${stem}-*-of-${String(count).padStart(5, '0')}${extname(first)}, not one of each number; fetch the task again`,
        );
    } else if (files.length > 1)
      throw new InputError(
        `${folder} has ${files.join(' and ')}; choose one with --format, or move the other away`,
      );
    return files.map((name) => join(folder, name));
  }
  return [];
}

/** The folder itself if it has a train file, else `data/`, else its only subfolder that has one. */
function folderOfSplits(source: string): string {
  const hasTrain = (folder: string): boolean => list(folder, 'file').some((name) => stemOf(name) === 'train');
  if (hasTrain(source)) return source;
  const subfolders = list(source, 'folder').filter((name) => hasTrain(join(source, name)));
  const [first, ...rest] = subfolders;
  if (first === undefined) return source;
  if (subfolders.includes('data')) return join(source, 'data');
  if (rest.length > 0)
    throw new InputError(
      `${source} holds several tasks (${subfolders.slice(0, 12).join(', ')}); give one of these subfolders`,
    );
  return join(source, first);
}

/** Names in a folder, sorted, with links followed. */
function list(folder: string, kind: 'file' | 'folder'): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.') && kindIfAny(join(folder, name)) === kind)
      .sort();
  } catch (error) {
    throw cannotRead(folder, error);
  }
}

/** Sockets, broken links and the like in a task's folder are no one's concern. */
function kindIfAny(path: string): ReturnType<typeof kindOf> {
  try {
    return kindOf(path);
  } catch {
    return 'nothing';
  }
}

const SHARD = /^(.+)-(\d{5})-of-(\d{5})$/;

function stemOf(name: string): string {
  const stem = basename(name, extname(name));
  return SHARD.exec(stem)?.[1] ?? stem;
}

function shardOf(name: string): { number: number; of: number } | null {
  const match = SHARD.exec(basename(name, extname(name)));
  return match === null ? null : { number: Number(match[2]), of: Number(match[3]) };
}
