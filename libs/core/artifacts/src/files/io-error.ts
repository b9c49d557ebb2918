/**
 * Failures of the file system as sentences. Every file operation of this lib goes through `explained`, so
 * that no ENOENT or ENOSPC reaches a person as a stack trace.
 */
import { systemError } from '@layerwise/errors';

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
