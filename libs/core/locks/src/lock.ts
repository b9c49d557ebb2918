/**
 * One holder a place: a lock file that says which process it is. It appears with its contents in one step
 * (a hard link to a finished file), so nobody ever reads half of one.
 *
 * The lock of a process that is gone is taken over. Who removes it holds a second lock for that, beside the
 * first, taken in the same way: so two that find one stale lock cannot both remove it, and none removes the
 * lock of whoever came into its place. The owner alone removes the lock of a process that lives.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { errorCode, explainedSync, InputError } from '@layerwise/errors';
import { isProcessAlive, processNamespace, processStart } from './process.js';

/** What this process holds, by path: its own number in a lock file says nothing else. */
const held = new Map<string, string>();

/** A lock that changes hands as it is looked at is tried again so often, a pause apart. */
const ATTEMPTS = 200;
const PAUSE_MS = 5;

/**
 * Takes the lock file `path`; the function that is returned gives it back.
 * @param place what it stands for, as sentences name it
 * @throws InputError when another live process, or this one, holds it, or it cannot be written
 */
export function takeLock(path: string, place: string): () => void {
  const file = resolve(path);
  const contents = ownContents();
  explainedSync('write', file, () => {
    take(file, contents, place);
  });
  held.set(file, contents);
  return () => {
    if (held.get(file) !== contents) return;
    held.delete(file);
    if (readLock(file) === contents) rmSync(file, { force: true });
  };
}

function take(path: string, contents: string, place: string): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (appeared(path, contents)) return;
    const found = readLock(path);
    if (found === null) continue; // given back just now
    if (isHeld(path, found))
      throw new InputError(
        `${place} is being written by ${holder(found)}: wait for it, or delete ${path} if there is none.`,
      );
    removeStale(path, found);
  }
  throw new InputError(`${place} is being opened by several processes at once: try again.`);
}

/** Puts a lock with `contents` at `path`, whole at once; false where one stands. */
function appeared(path: string, contents: string): boolean {
  const finished = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(finished, contents);
    return linked(finished, path);
  } finally {
    rmSync(finished, { force: true });
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes the lock that was found stale, if it still stands there, while no other process may. Where another
 * one is at it, waits a little; where that one was killed, removes its lock first.
 */
function removeStale(path: string, stale: string): void {
  const removing = `${path}.removing`;
  if (appeared(removing, ownContents())) {
    if (readLock(path) === stale) rmSync(path, { force: true });
    rmSync(removing, { force: true });
    return;
  }
  const other = readLock(removing);
  if (other === null) return;
  if (isHeld(removing, other)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  else removeStale(removing, other);
}

/**
 * Host, process number, its start time, what makes this lock unlike any other, and the namespace of the
 * number: one line each.
 */
function ownContents(): string {
  const start = processStart(process.pid) ?? '';
  return [hostname(), process.pid, start, randomBytes(8).toString('hex'), processNamespace()].join('\n');
}

function readLock(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Whether the process that wrote the lock may still hold it; on another host or in another container nobody
 * can tell.
 */
function isHeld(path: string, lock: string): boolean {
  const [host = '', pid = '', start = '', , namespace = ''] = lock.split('\n');
  if (!/^\d+$/.test(pid) || Number(pid) === 0) return false;
  if (host !== hostname() || isElsewhere(namespace)) return true;
  if (Number(pid) === process.pid && held.has(path)) return true;
  if (!isProcessAlive(Number(pid))) return false;
  const startNow = processStart(Number(pid));
  return start === '' || startNow === null || start === startNow;
}

function isElsewhere(namespace: string): boolean {
  const ours = processNamespace();
  return namespace !== '' && ours !== '' && namespace !== ours;
}

function holder(lock: string): string {
  const [host = '', pid = '', , , namespace = ''] = lock.split('\n');
  if (host !== hostname()) return `process ${pid} on ${host}`;
  return isElsewhere(namespace) ? `process ${pid} of another container` : `process ${pid}`;
}
