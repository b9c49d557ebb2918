/**
 * Files as bytes and lines, with what the system says about them turned into a sentence.
 *
 * Lines end at \n alone (a \r before it is taken off): never at the other separators of Unicode, which occur
 * inside the texts of real tasks. UTF-8 is decoded strictly: a replacement character would be a silent
 * change.
 */
import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { errorCode, InputError } from '@layerwise/errors';
import { refuseLoneReturns, refuseOtherKinds } from './first-line.js';

const BLOCK_BYTES = 1 << 20;
const LONGEST_LINE_BYTES = 1 << 26;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What is at a path. Throws `InputError` where the system refuses to say. */
export function kindOf(path: string): 'file' | 'folder' | 'nothing' {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return 'nothing';
    if (stat.isDirectory()) return 'folder';
    if (stat.isFile()) return 'file';
  } catch (error) {
    throw cannotRead(path, error);
  }
  throw new InputError(`${path} is neither a file nor a folder; give a task's file or folder`);
}

export function cannotRead(path: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const code = errorCode(error) ?? '';
  const why: Record<string, string> = {
    ENOENT: 'it does not exist',
    ENOTDIR: 'a part of its path is not a folder',
    EACCES: 'you have no permission to read it',
    EPERM: 'you have no permission to read it',
    EISDIR: 'it is a folder',
    ELOOP: 'its links go in a circle',
    ENAMETOOLONG: 'its name is too long',
    ERR_INVALID_ARG_VALUE: 'its name holds a character that no file name can have',
    ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GB, which this format cannot be read at; use Parquet or TSV',
  };
  return new InputError(
    `Cannot read ${path}: ${why[code] ?? (error instanceof Error ? error.message : code)}`,
  );
}

/** A whole file without its byte-order mark. */
export function readBytes(path: string): Buffer {
  try {
    const bytes = readFileSync(path);
    refuseOtherKinds(path, bytes);
    return withoutMark(bytes);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** The text of bytes, or null if they are not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | null {
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}

/**
 * Calls `onLine` with every line as a piece [start, end) of a larger text, so that a reader can cut its
 * fields out without a string for the line; with null for a line that is not UTF-8. Lines are numbered from
 * 1; empty ones at the end of the file are left out. `onLine` ends the reading by returning false.
 */
export function forEachLine(
  path: string,
  onLine: (text: string | null, start: number, end: number, line: number) => boolean,
): void {
  let line = 0;
  let empty = 0; // empty lines seen and not passed on yet: they count only if something follows
  const pass = (text: string | null, start: number, end: number): boolean => {
    line++;
    if (text !== null && start === end) {
      empty++;
      return true;
    }
    for (; empty > 0; empty--) if (!onLine('', 0, 0, line - empty)) return false;
    return onLine(text, start, end, line);
  };
  for (const block of lineBlocks(path)) {
    const text = decodeUtf8(block);
    if (text !== null) {
      for (let start = 0; start < text.length;) {
        const newline = text.indexOf('\n', start);
        const stop = newline < 0 ? text.length : newline;
        const end = stop > start && text.charCodeAt(stop - 1) === CARRIAGE_RETURN ? stop - 1 : stop;
        if (!pass(text, start, end)) return;
        start = stop + 1;
      }
      continue;
    }
    for (let start = 0; start < block.length;) {
      const newline = block.indexOf(NEWLINE, start);
      const stop = newline < 0 ? block.length : newline;
      const end = stop > start && block[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop;
      const one = decodeUtf8(block.subarray(start, end));
      if (!pass(one, 0, one?.length ?? 0)) return;
      start = stop + 1;
    }
  }
}

/** The file in pieces of about a megabyte, each of whole lines; the last may lack its newline. */
function* lineBlocks(path: string): Generator<Buffer> {
  let handle: number | undefined;
  try {
    handle = openSync(path, 'r');
    let rest: Buffer = Buffer.alloc(0);
    let first = true;
    for (;;) {
      const block = Buffer.allocUnsafe(rest.length + BLOCK_BYTES);
      rest.copy(block);
      const read = readSync(handle, block, rest.length, BLOCK_BYTES, null);
      let bytes: Buffer = block.subarray(0, rest.length + read);
      if (first && read > 0) {
        refuseOtherKinds(path, bytes);
        bytes = withoutMark(bytes);
        first = false;
      }
      if (read === 0) {
        if (bytes.length > 0) yield bytes;
        return;
      }
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      if (end > 0) yield bytes.subarray(0, end);
      rest = bytes.subarray(end);
      if (rest.length > LONGEST_LINE_BYTES) {
        refuseLoneReturns(path, rest.toString('latin1', 0, BLOCK_BYTES));
        throw new InputError(`${path} has a line of more than 64 MB; give a text file with one row a line`);
      }
    }
  } catch (error) {
    throw cannotRead(path, error);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
