/** Failures of the file system as sentences. */
import { InputError } from './input-error.js';

const sayings: Readonly<Record<string, string>> = {
  ENOENT: 'it, or its folder, does not exist',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'no file may grow that large here',
  EROFS: 'the file system is read-only',
};

/** The system's code of an error, such as ENOENT; undefined for other errors. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  return (error as NodeJS.ErrnoException).code;
}

/** Runs `work`; a system error becomes an InputError "cannot <doing> <file>: <why>". */
export function explainedSync<T>(doing: string, file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    const why = sayings[code] ?? 'the system reports an error';
    throw new InputError(`cannot ${doing} ${file}: ${why} (${code})`, { cause: error });
  }
}

/** Whether a full disk or quota is at the bottom of an error. */
export function isDiskFull(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code } = one as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') return true;
  }
  return false;
}
