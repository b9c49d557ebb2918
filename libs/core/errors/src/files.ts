/**
 * Files and folders that a person or a stranger named, with every failure as a sentence: read only where they
 * are regular files of a bearable size, found missing only where nothing is there, made without an endless
 * search for a parent.
 */
import { closeSync, mkdirSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from './input-error.js';
import { errorCode, explainedSync, systemError } from './system-error.js';

/** Most of what is read whole (configurations, vocabularies) has kilobytes; the largest tokenisers 40 MB. */
const MOST_BYTES = 64e6;

/**
 * To be asked before a file is opened: a pipe can keep `open` waiting, and a device such as /dev/zero never
 * ends.
 * @param mostBytes Infinity where the file is read piece by piece
 * @returns its size in bytes
 * @throws InputError where it is missing, no regular file, or too large
 */
export function checkRegular(file: string, mostBytes = MOST_BYTES): number {
  const found = explainedSync('read', file, () => statSync(file));
  if (!found.isFile())
    throw new InputError(`cannot read ${file}: it is ${kindOf(found)}; give a regular file.`);
  if (found.size <= mostBytes) return found.size;
  throw new InputError(
    `cannot read ${file}: it has ${megabytes(found.size)}, and ${megabytes(mostBytes)} is the most that such a file may have.`,
  );
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

/** All bytes of a regular file. @throws InputError as `checkRegular` does, or where it cannot be read */
export function readRegular(file: string, mostBytes?: number): Buffer {
  const size = checkRegular(file, mostBytes);
  return explainedSync('read', file, () => {
    const descriptor = openSync(file, 'r');
    try {
      return firstBytes(descriptor, size);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Fewer than `size` where the file became shorter. */
function firstBytes(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    const read = readSync(descriptor, bytes, done, size - done, done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
}

/**
 * Whether anything is at `path`. That it cannot be told (no permission, links in a circle) is no "no".
 * @throws InputError where it cannot be told
 */
export function fileExists(path: string): boolean {
  return explainedSync('look at', path, () => statOrNull(path)) !== null;
}

function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    // Below a file nothing can lie.
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}

/**
 * Makes a folder and those above it that are missing. Node's own `recursive` never ends where the system says
 * of a folder whose parent exists that it does not (in /proc), and takes a read-only disk for a missing one.
 * @returns whether it was not there
 * @throws InputError where it cannot be made
 */
export function makeFolder(folder: string): boolean {
  try {
    return made(resolve(folder));
  } catch (error) {
    throw systemError(error, 'make the folder', folder, 'choose another place for it.');
  }
}

function made(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (isFolder(folder)) return false;
    if (errorCode(error) !== 'ENOENT') throw error;
    const parent = dirname(folder);
    if (made(parent)) return made(folder);
    throw new InputError(
      `cannot make the folder ${folder}: ${parent} takes no new folders; choose another place for it.`,
    );
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
