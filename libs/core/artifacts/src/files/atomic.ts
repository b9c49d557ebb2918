/**
 * Files that are either whole or absent. Everything that the project writes (Arrow, JSON, safetensors) goes
 * through here: temporary file in the same folder, fsync, rename, fsync of the folder.
 *
 * A killed process leaves at most a file named `.<name>.<pid>-<random>.layerwise-tmp`; nothing ever reads
 * one, and `isTemporaryName` recognises it for whoever cleans up.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '@layerwise/errors';
import { isProcessAlive } from '@layerwise/locks';
import { explained } from './io-error.js';

/** The lock of a folder that is being written (`stages/folder-lock.ts`). */
export const lockName = '.layerwise.lock';

const temporaryName = /^\..+\.(\d+)-[0-9a-f]{12}\.layerwise-tmp$/;

/** Those that this process writes at present. */
const writing = new Set<string>();

/** True for the name of a file that an interrupted `writeAtomically` left behind. */
export function isTemporaryName(name: string): boolean {
  return temporaryName.test(name);
}

/**
 * Removes, in `folder` and below, what `writeAtomically` left behind in processes that were killed: each may
 * be as large as a checkpoint, and nothing reads them. Files of processes that live stay, and so does what
 * lies below a folder with a lock of its own, whose process may be on another machine.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!existsSync(join(file, lockName))) await removeLeftovers(file);
      continue;
    }
    const pid = Number(temporaryName.exec(entry.name)?.[1] ?? NaN);
    const isAtWork = pid === process.pid ? writing.has(file) : isProcessAlive(pid);
    if (!Number.isNaN(pid) && !isAtWork) await rm(file, { force: true });
  }
}

/**
 * Calls `write` with the handle of a temporary file and then puts that file in the place of `file`. Missing
 * folders are made. If anything fails the old `file` stays as it was and the temporary file is removed.
 * Returns what `write` returns. System errors become InputErrors that name `file`.
 */
export async function writeAtomically<T>(
  file: string,
  write: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const folder = dirname(file);
  const temporary = join(
    folder,
    `.${basename(file)}.${process.pid}-${randomBytes(6).toString('hex')}.layerwise-tmp`,
  );
  return explained('write', file, async () => {
    makeFolder(folder);
    writing.add(temporary);
    try {
      const handle = await open(temporary, 'wx');
      let result: T;
      try {
        result = await write(handle);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
      await syncFolder(folder);
      return result;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      writing.delete(temporary);
    }
  });
}

/** `writeAtomically` for contents that are in memory already. */
export async function writeFileAtomically(file: string, contents: Uint8Array | string): Promise<void> {
  const bytes = typeof contents === 'string' ? Buffer.from(contents, 'utf8') : contents;
  await writeAtomically(file, (handle) => writeFully(handle, bytes));
}

/** One write may take at most 2^31 - 1 bytes; stay well below. */
const chunkBytes = 1 << 28;

/** Writes all of `bytes` at the handle's position, whatever their number and however little a call takes. */
export async function writeFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    const { bytesWritten } = await handle.write(bytes, done, Math.min(chunkBytes, bytes.byteLength - done));
    done += bytesWritten;
  }
}

/** Makes the names in a folder durable. Where folders cannot be opened (Windows) the system does it alone. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
