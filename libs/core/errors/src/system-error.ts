/** Failures of the operating system as sentences, so that no ENOENT or ENOSPC reaches a person by itself. */
import { InputError } from './input-error.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'a file is where a folder should be',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'no file may grow that large here',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links form a loop',
};

/** The code of an error of Node or of the system, such as ENOENT; undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * For an error of the operating system an InputError "cannot `doing` `file`: why (code)", with `advice`
 * behind it; any other error as it is.
 */
export function systemError(error: unknown, doing: string, file: string, advice?: string): unknown {
  const code = errorCode(error);
  if (code === undefined || !(error instanceof Error && 'syscall' in error)) return error;
  const why = `${REASONS[code] ?? 'the system reports an error'} (${code})`;
  const sentence = `cannot ${doing} ${file}: ${why}${advice === undefined ? '' : `; ${advice}`}`;
  return new InputError(sentence, { cause: error });
}

/** Runs `work`; an error of the system becomes an InputError "cannot `doing` `file`: why". */
export function explainedSync<T>(doing: string, file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw systemError(error, doing, file);
  }
}

/** Whether a full disk or quota is at the bottom of an error. */
export function isDiskFull(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause)
    if (['ENOSPC', 'EDQUOT'].includes(errorCode(one) ?? '')) return true;
  return false;
}
