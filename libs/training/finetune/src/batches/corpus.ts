/**
 * A corpus: the .txt files of a folder, UTF-8, one paragraph a line. Fisher information (`take-fisher.ts`)
 * and pretraining read one.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileExists, InputError, readRegular } from '@layerwise/errors';

export interface CorpusFile {
  readonly path: string;
  /** Lines that are not blank. */
  readonly paragraphs: readonly string[];
}

/** What one string of JavaScript holds. */
const MOST_BYTES = 512e6;

/**
 * Reads the .txt files of `folder` by name, or `folder` itself where it is one file.
 * @throws InputError when there is none, or nothing but blank lines in one.
 */
export function readCorpus(folder: string): CorpusFile[] {
  if (!fileExists(folder))
    throw new InputError(`There is no folder ${folder}; a corpus is one with .txt files, or one such file.`);
  const paths = statSync(folder).isDirectory()
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.txt'))
        .sort()
        .map((name) => join(folder, name))
    : [folder];
  if (paths.length === 0)
    throw new InputError(`${folder} has no .txt file; a corpus is text files with one paragraph a line.`);
  return paths.map((path) => {
    const paragraphs = readRegular(path, MOST_BYTES)
      .toString()
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
    if (paragraphs.length === 0)
      throw new InputError(`${path} holds no text; a corpus is text files with one paragraph a line.`);
    return { path, paragraphs };
  });
}
