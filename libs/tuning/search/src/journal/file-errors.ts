/** Failures of the file system as sentences, for the journal and folders of trials, which are written at once. */
import { errorCode, systemError } from '@layerwise/errors';

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
