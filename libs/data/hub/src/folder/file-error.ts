/** What errors of the file system mean to a person who fetches. */
import { errorCode, InputError, systemError } from '@layerwise/errors';

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
  return meaning === undefined
    ? systemError(error, 'write', path)
    : new InputError(`Cannot write ${path}: ${meaning}.`);
}
