/**
 * Which files below some folders a report is made of: those of the names that stages and commands give. A
 * data-cache/PRESET folder, one stage's folder and one run's folder all do. Of a search only its own files
 * and its control's are taken, of a study of shifts only its own: the hundreds of runs below them are in
 * their tables already.
 */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { InputError } from '@layerwise/errors';

export interface ArtifactFolder {
  readonly folder: string;
  /** For people: its path below the folder that was given, or that folder's own name. */
  readonly label: string;
  /** Names of the files in it. */
  readonly files: readonly string[];
}

const PASSED_OVER = /^(\..*|node_modules|plots|encoder|classifier-.*|checkpoints?|tokens|workers|units)$/;

/** In the order of their paths, each once. @throws InputError where one of `roots` is no folder */
export async function findArtifacts(roots: readonly string[]): Promise<readonly ArtifactFolder[]> {
  const found = new Map<string, ArtifactFolder>();
  for (const root of roots) {
    const top = resolve(root);
    if (!existsSync(top))
      throw new InputError(
        `--from ${root} does not exist; give the output folder of a stage or of a pipeline.`,
      );
    if (!(await stat(top)).isDirectory())
      throw new InputError(`--from ${root} is a file; give the folder that it lies in.`);
    for (const folder of await foldersBelow(top)) {
      const path = relative(top, folder.path).replaceAll('\\', '/');
      const label = [
        ...(roots.length > 1 || path === '' ? [basename(top)] : []),
        ...(path === '' ? [] : [path]),
      ];
      if (!found.has(folder.path))
        found.set(folder.path, { folder: folder.path, label: label.join('/'), files: folder.files });
    }
  }
  return [...found.values()];
}

async function foldersBelow(
  path: string,
): Promise<{ readonly path: string; readonly files: readonly string[] }[]> {
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const folders = entries
    .filter((entry) => entry.isDirectory() && !PASSED_OVER.test(entry.name))
    .map(({ name }) => name)
    .filter((name) => name === 'control' || !files.includes('trials.arrow'));
  const below = [];
  for (const name of folders) below.push(...(await foldersBelow(join(path, name))));
  return [...(files.length > 0 ? [{ path, files }] : []), ...below];
}
