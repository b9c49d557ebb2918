/** Memory of processes, from Linux's /proc; elsewhere nothing is known. */
import { readdirSync, readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

/** How often is looked. */
const EVERY_MS = 1000;

/**
 * Looks at all processes below this one until it is stopped.
 * @returns {() => number | null} stops, and gives the most MiB that they held at one time, memory that they
 * share counted once
 */
export function watchDescendants() {
  let most = 0;
  const look = () => {
    const kilobytes = descendantsOf(process.pid).map((pid) =>
      kilobytesOf(readOrNothing(`/proc/${pid}/smaps_rollup`), 'Pss'),
    );
    most = Math.max(most, kilobytes.reduce((sum, size) => sum + size, 0) / 1024);
  };
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    return most === 0 ? null : most;
  };
}

/**
 * MiB that a process holds, or held at most (`VmHWM`); null where that is not told.
 * @param {number} pid
 * @param {'VmRSS' | 'VmHWM'} field
 */
export function residentMegabytes(pid, field) {
  const kilobytes = kilobytesOf(readOrNothing(`/proc/${pid}/status`), field);
  return kilobytes === 0 ? null : kilobytes / 1024;
}

/** @param {number} pid @returns {number[]} */
function descendantsOf(pid) {
  return tasksOf(pid)
    .flatMap((task) => readOrNothing(`/proc/${pid}/task/${task}/children`).split(' '))
    .filter((word) => word !== '')
    .flatMap((word) => [Number(word), ...descendantsOf(Number(word))]);
}

/** @param {number} pid */
function tasksOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/**
 * A field of a file of /proc; 0 where it is not there.
 * @param {string} text
 * @param {string} field
 */
export function kilobytesOf(text, field) {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}

/** @param {string} path */
function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // The process has ended, or this is no Linux.
    return '';
  }
}
