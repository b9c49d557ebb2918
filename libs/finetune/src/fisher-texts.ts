/**
 * The texts that `ewc` takes Fisher information over: of a corpus, one text a line, or without one the training texts of D_o, which
 * is something else than the paper's and is said so.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import type { FisherTexts } from './fisher-pretrained.js';

/** Those of the corpus at `path`, or of `original`, with what has to be said of them then. @throws InputError where there are none */
export function fisherTexts(
  path: string | undefined,
  original: Task,
): { readonly texts: FisherTexts; readonly note: string | null } {
  if (path !== undefined) return { texts: { text: corpusLines(path), pair: null }, note: null };
  return {
    texts: original.train,
    note: `no corpus was given, so the Fisher information of the pretrained weights is over the training texts of ${original.name}`,
  };
}

/** Lines, but blank ones, of the .txt files of a folder in the order of their names, or of one file. */
function corpusLines(path: string): string[] {
  const lines = textFiles(path).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .filter((line) => line.trim() !== ''),
  );
  if (lines.length > 0) return lines;
  throw new InputError(
    `${path} holds no text; a corpus is a .txt file, or a folder of them, with one text a line.`,
  );
}

function textFiles(path: string): string[] {
  try {
    if (statSync(path).isFile()) return [path];
    const names = readdirSync(path).filter((name) => name.endsWith('.txt'));
    return names.sort().map((name) => join(path, name));
  } catch {
    throw new InputError(
      `${path} cannot be read; give a .txt file, or a folder of them, with one text a line.`,
    );
  }
}
