/**
 * Failures of the file system as sentences. Every file operation of this lib goes through `explained`, so
 * that no ENOENT or ENOSPC reaches a person as a stack trace.
 */
import { mkdir } from 'node:fs/promises';
import { InputError } from '@layerwise/errors';

const sayings: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'a file is where a folder should be',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links form a loop',
};

/** True for an error of the operating system (it has a code such as ENOENT). */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && 'syscall' in error && typeof (error as NodeJS.ErrnoException).code === 'string'
  );
}

/** Makes a folder and those above it that are not there yet. InputError where that cannot be done. */
export async function makeFolder(folder: string): Promise<void> {
  const make = () => mkdir(folder, { recursive: true });
  await explained('make the folder', folder, make, 'choose another place for it');
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
    if (!isSystemError(error)) throw error;
    const code = error.code ?? 'unknown';
    const why = `${sayings[code] ?? 'the system reports an error'} (${code})`;
    const sentence = `cannot ${doing} ${file}: ${why}${advice === undefined ? '' : `; ${advice}`}`;
    throw new InputError(sentence, { cause: error });
  }
}
