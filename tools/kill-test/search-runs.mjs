/**
 * What `search-kill-test.mjs` and `search-disk-full.mjs` share: searches as processes, their workers, and
 * what they come to.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readJournalFile } from '../../libs/tuning/search/dist/journal/journal-file.js';
import { replay } from '../../libs/tuning/search/dist/study/study.js';

/** @param {number} milliseconds */
export const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

/**
 * Trials at once decide how many checkpoints there are; five of the smallest and one of the next have room.
 */
export const checkpointBudget = 5 * 16_384 + 20_480;

/**
 * The search of `killable-search.mjs` as words of a command line.
 * @param {string} folder
 * @param {{ workers: number, objective: object, journal?: string }} configuration
 */
export function ownSearch(folder, { journal = join(folder, 'journal.jsonl'), ...configuration }) {
  const words = JSON.stringify({ journal, trials: 14, checkpointBudget, ...configuration });
  return [join(import.meta.dirname, 'killable-search.mjs'), folder, words];
}

/**
 * `layerwise search` on built-in tasks and encoder, likewise. @param {string} folder @param {number} workers
 */
export function finetuneSearch(folder, workers) {
  const options =
    'search --original builtin:sentiment --shifted builtin:agreement --encoder builtin:tiny --train-limit 800 --held-out 200 ' +
    `--trials 9 --repeats-best 1 --repeats-seeds 2 --with-control no --epochs 2 --checkpoint-every 5 --checkpoint-budget 20MB --seed 3 --json --workers ${workers}`;
  return [
    resolve(import.meta.dirname, '../../apps/orchestrator/bin/layerwise.js'),
    ...options.split(' '),
    '--out',
    folder,
  ];
}

/**
 * Starts a search.
 * @param {string} folder of the search
 * @param {readonly string[]} words
 */
export function start(folder, words) {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const before = lastChange(folder);
  let [output, errors, done] = ['', '', false];
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (errors += chunk));
  const ended = new Promise((settle) => {
    child.on('close', (code) => {
      done = true;
      settle({ code, errors, end: code === 0 ? JSON.parse(output) : null });
    });
  });
  /** Waits until one of its runs writes something. */
  const alive = async () => {
    while (!done && lastChange(folder) === before) await sleep(5);
  };
  return { pid: child.pid, ended, alive, isDone: () => done, signal: (name) => child.kill(name) };
}

/** When something in the folders of trials changed last. @param {string} folder */
function lastChange(folder) {
  const trials = join(folder, 'trials');
  if (!existsSync(trials)) return 0;
  const own = readdirSync(trials).map(
    (name) => statSync(join(trials, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Math.max(statSync(trials).mtimeMs, ...own);
}

/** Process numbers of the workers that a search has now. @param {string} folder */
export function workersOf(folder) {
  const logs = join(folder, 'workers');
  const marks = existsSync(logs) ? readdirSync(logs).filter((name) => name.endsWith('.process')) : [];
  return marks.flatMap((name) => {
    // A mark may be half written just now.
    const [, pid, began] = /"pid":(\d+),"start":"(\d+)"/.exec(readFileSync(join(logs, name), 'utf8')) ?? [];
    return pid !== undefined && startOf(pid) === began ? [Number(pid)] : [];
  });
}

/** When a process started; null when there is none. @param {string} pid */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : fields[19];
  } catch {
    return null;
  }
}

/** A journal's events, and the state that they lead to. @param {string} file */
export function readState(file) {
  const events = readJournalFile(file);
  const state = replay(events, file);
  if (state === null) throw new Error(`${file} is empty`);
  return { events, state };
}

/** What of a state must not depend on interruptions, as text: all but attempts and seconds. */
export function outcome({ trials, spent, order, memory }) {
  const ignored = (key, value) => (key === 'attempts' || key === 'seconds' ? undefined : value);
  return JSON.stringify({ trials, spent, order, memory }, ignored);
}
