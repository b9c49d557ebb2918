/**
 * One writer a journal: a file `JOURNAL.lock` that says which process writes. It appears with its contents in
 * one step (a hard link to a finished file), so nobody ever reads half of one. The lock of a process that is
 * gone is taken over; a process is known by number and, where the system tells it, by its start time,
 * because numbers come again (in containers at once).
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { errorCode, explainedSync, InputError } from '@layerwise/errors';
import { isProcessAlive, processStart } from '@layerwise/workers';

/** Locks that this process holds: its own number in a lock file says nothing else. */
const held = new Set<string>();

/**
 * Takes the lock of `file`; the function that is returned gives it back.
 * @throws InputError when another live process, or this one, holds it
 */
export function lockJournal(file: string): () => void {
  const path = `${resolve(file)}.lock`;
  explainedSync('write', path, () => take(file, path));
  held.add(path);
  return () => {
    if (!held.delete(path)) return;
    if (readLock(path) === ownLock()) rmSync(path, { force: true });
  };
}

function take(file: string, path: string): void {
  const finished = `${path}.${process.pid}`;
  writeFileSync(finished, ownLock());
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (linked(finished, path)) return;
      const found = readLock(path);
      if (found === null) continue; // given back just now
      if (isHeld(path, found)) throw new InputError(refusal(file, path, found));
      setAside(path, found);
    }
    throw new InputError(`${file} is being opened by several processes at once: try again.`);
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

/** Removes the lock that was found stale, and no other that came into its place meanwhile. */
function setAside(path: string, stale: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readLock(aside) !== stale) linked(aside, path);
  rmSync(aside, { force: true });
}

/** Host, process number and start time: one line each. */
function ownLock(): string {
  return [hostname(), process.pid, processStart(process.pid) ?? ''].join('\n');
}

function readLock(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Whether the process that wrote the lock may still write the journal; on another host nobody can tell. */
function isHeld(path: string, lock: string): boolean {
  const [host = '', pid = '', start = ''] = lock.split('\n');
  if (!/^\d+$/.test(pid) || Number(pid) === 0) return false;
  if (host !== hostname()) return true;
  if (Number(pid) === process.pid) return held.has(path);
  if (!isProcessAlive(Number(pid))) return false;
  const startNow = processStart(Number(pid));
  return start === '' || startNow === null || start === startNow;
}

function refusal(file: string, path: string, lock: string): string {
  const [host, pid] = lock.split('\n');
  const where = host === hostname() ? '' : ` on ${host ?? ''}`;
  return `${file} is being written by process ${pid ?? ''}${where}: wait for it, or delete ${path} if there is none.`;
}
