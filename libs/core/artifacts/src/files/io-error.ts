/**
 * Failures of the file system as sentences. Every file operation of this lib goes through `explained`, so
 * that no ENOENT or ENOSPC reaches a person as a stack trace.
 */
import { mkdir } from 'node:fs/promises';
import { systemError } from '@layerwise/errors';

/**
 * Makes a folder and those above it that are not there yet. InputError where that cannot be done.
 * @returns whether it was not there
 */
export async function makeFolder(folder: string): Promise<boolean> {
  const make = async () => (await mkdir(folder, { recursive: true })) !== undefined;
  return explained('make the folder', folder, make, 'choose another place for it');
}

/**
 * Runs `work`; a system error becomes an InputError "cannot <doing> <file>: <why>", with `advice` behind it.
 * Other errors pass through.
 */
export async function explained<T>(
  doing: string,
  file: string,
  work: () => Promise<T>,
  advice?: string,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw systemError(error, doing, file, advice);
  }
}
