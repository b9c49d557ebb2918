/** What was measured on: cores, versions, and what else ran meanwhile. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** More than this share of the machine in use by others makes a time worthless. */
const BUSY = 0.1;
/** How long is looked at what others use, before each run. */
const LOOK_MS = 1000;

/**
 * @typedef {object} Use of the machine before a run, when this program waits
 * @property {number} load average of the last minute: processes that run or wait, our own last run among them
 * @property {number} others share of all cores that is in use, 0 to 1
 */

/**
 * @typedef {{readonly user: number, readonly nice: number, readonly sys: number, readonly irq: number,
 * readonly idle: number}} Times
 */

/** @returns {Promise<Use>} */
export async function useOfMachine() {
  const before = coreTimes();
  await sleep(LOOK_MS);
  return { load: loadavg()[0] ?? 0, others: shareInUse(before, coreTimes()) };
}

/** @returns {Times[]} */
function coreTimes() {
  return cpus().map(({ times }) => times);
}

/**
 * @param {readonly Times[]} before
 * @param {readonly Times[]} after
 * @returns {number} share of the time between the two in which cores worked, 0 to 1
 */
export function shareInUse(before, after) {
  const sum = (/** @type {readonly Times[]} */ times, /** @type {(core: Times) => number} */ of) =>
    times.reduce((total, core) => total + of(core), 0);
  const idle = sum(after, ({ idle }) => idle) - sum(before, ({ idle }) => idle);
  const worked = sum(after, workOf) - sum(before, workOf);
  return idle + worked === 0 ? 0 : worked / (idle + worked);
}

/** @param {Times} core */
function workOf({ user, nice, sys, irq }) {
  return user + nice + sys + irq;
}

/**
 * @param {readonly Use[]} uses before every run
 * @returns {string | null} a warning, where figures can't be trusted
 */
export function busyWarning(uses) {
  const busy = uses.filter(({ others }) => others > BUSY);
  if (busy.length === 0) return null;
  const most = Math.max(...busy.map(({ others }) => others));
  return `Warning: before ${busy.length} of ${uses.length} runs others used more than ${100 * BUSY} % of the machine (at most ${(100 * most).toFixed(0)} %); these times are no measure of either side.`;
}

/** @param {readonly Use[]} uses @returns {string} */
export function useSentence(uses) {
  if (uses.length === 0) return 'nothing was run';
  const loads = uses.map(({ load }) => load);
  const others = Math.max(...uses.map((use) => use.others));
  return `load average before a run ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}, others' use of the machine at most ${(100 * others).toFixed(0)} %`;
}

/**
 * @typedef {object} Machine
 * @property {string} date
 * @property {number} cores as the system counts them, hyperthreads included
 * @property {string} cpu
 * @property {Record<string, string>} versions
 */

/**
 * @param {Record<string, string>} peers versions of PyTorch and transformers, where they take part
 * @returns {Machine}
 */
export function machine(peers) {
  const all = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: all.length,
    cpu: (all[0]?.model ?? 'unknown CPU').trim(),
    versions: {
      Node: process.versions.node,
      'onnxruntime-node': installedVersion('onnxruntime-node'),
      ...peers,
    },
  };
}

/** @param {Machine} machine @returns {string} */
export function machineSentence({ date, cores, cpu, versions }) {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date}, ${cores} × ${cpu}, ${list.join(', ')}`;
}

/** @param {string} name */
function installedVersion(name) {
  const found = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return String(JSON.parse(readFileSync(join(dirname(found), 'package.json'), 'utf8')).version);
}
