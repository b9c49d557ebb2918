/**
 * The folder that a person uses, and the note `source.json` in it that says where its files are from.
 *
 * Files are gathered in a folder beside it, FOLDER.partial. When all are whole, a new folder appears by one
 * rename; an existing one gets its changed files by one rename each, then its note, and loses the files that
 * the old note lists and the new one does not. Files of other origin are left alone.
 */
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, writeJson } from '@layerwise/artifacts';
import { readRegular } from '@layerwise/errors';
import { isSafePath } from '../repository/listing.js';
import type { RepositoryKind } from '../repository/name.js';

export const NOTE = 'source.json';

export interface NotedFile {
  /** In this folder. */
  path: string;
  /** In the repository. */
  remotePath: string;
  bytes: number;
  /** Of the content, whatever digest the hub uses. */
  sha256: string;
}

/** What `source.json` holds; the same from whatever endpoint the files came. */
export interface SourceNote {
  name: string;
  kind: RepositoryKind;
  repo: string;
  /** Configuration of a data set; null for a model. */
  config: string | null;
  revision: string;
  commit: string;
  /** When the last file was fetched, ISO 8601. */
  date: string;
  files: NotedFile[];
}

/** The note of a folder; null when there is none that can be understood. */
export function readNote(folder: string): SourceNote | null {
  try {
    const note = JSON.parse(readRegular(join(folder, NOTE)).toString()) as Partial<SourceNote>;
    const whole =
      typeof note.commit === 'string' &&
      typeof note.repo === 'string' &&
      Array.isArray(note.files) &&
      note.files.every((file) => isSafePath(file.path) && typeof file.sha256 === 'string' && file.bytes >= 0);
    return whole ? (note as SourceNote) : null;
  } catch {
    return null;
  }
}

/** Puts `fresh` (whole files in `staging`) and the note under their final names. */
export async function publish(
  staging: string,
  folder: string,
  fresh: readonly string[],
  note: SourceNote,
): Promise<void> {
  for (const entry of await readdir(staging)) {
    if (!fresh.includes(entry)) await rm(join(staging, entry), { recursive: true, force: true });
  }
  await writeJson(join(staging, NOTE), note);
  if (await isFolder(folder)) {
    const old = readNote(folder);
    for (const name of [...fresh, NOTE]) await rename(join(staging, name), join(folder, name));
    const kept = new Set(note.files.map((entry) => entry.path));
    for (const { path } of old?.files ?? [])
      if (!kept.has(path)) await rm(join(folder, path), { force: true });
    await rm(staging, { recursive: true, force: true });
    await syncFolder(folder);
  } else {
    await rename(staging, folder);
  }
  await syncFolder(dirname(folder));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
