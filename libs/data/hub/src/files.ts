/**
 * File-system steps that must not be half done, and what its errors mean to a person. Used by the steps of a
 * fetch.
 */
import { open } from 'node:fs/promises';
import { InputError } from '@layerwise/errors';

/** Makes the names in a folder durable; a system that cannot open folders (Windows) does without. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

export const errorCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written by you: choose another cache folder or change its permissions',
  EPERM: 'it may not be written by you: choose another cache folder or change its permissions',
  EROFS: 'its disk is read-only: choose another cache folder',
  ENOSPC: 'its disk is full: make room and run the same command again, which goes on where this one stopped',
  EDQUOT:
    'your quota is used up: make room and run the same command again, which goes on where this one stopped',
  EEXIST: 'a file lies where a folder is needed: move it away or choose another cache folder',
  ENOTDIR: 'a file lies where a folder is needed: move it away or choose another cache folder',
  EISDIR: 'a folder lies where a file is needed: move it away or choose another cache folder',
  ENAMETOOLONG: 'the name is too long: choose a cache folder with a shorter path',
};

/** The sentence for an error of the file system that a person can mend; any other error as it is. */
export function fileError(error: unknown, path: string): unknown {
  const meaning = MEANINGS[errorCode(error) ?? ''];
  return meaning === undefined ? error : new InputError(`Cannot write ${path}: ${meaning}.`);
}
