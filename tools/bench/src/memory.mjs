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
    const kilobytes = descendantsOf(process.pid).map((pid) => kilobytesIn(pid, 'smaps_rollup', 'Pss'));
    most = Math.max(most, kilobytes.reduce((sum, size) => sum + size, 0) / 1024);
  };
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    return most === 0 ? null : most;
  };
}

/**
 * @param {number} pid
 * @returns {number | null} MiB that a process holds now: its resident set
 */
export function residentMegabytes(pid) {
  const kilobytes = kilobytesIn(pid, 'status', 'VmRSS');
  return kilobytes === 0 ? null : kilobytes / 1024;
}

/**
 * @param {number} pid
 * @returns {number[]}
 */
function descendantsOf(pid) {
  const children = tasksOf(pid).flatMap((task) =>
    readOrNothing(`/proc/${pid}/task/${task}/children`).split(' '),
  );
  return children
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
 * @param {number} pid
 * @param {string} file
 * @param {string} field
 */
function kilobytesIn(pid, file, field) {
  return kilobytesOf(readOrNothing(`/proc/${pid}/${file}`), field);
}

/**
 * A field of a file of /proc; 0 where it is not there.
 * @param {string} text
 * @param {string} field
 * @returns {number}
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
