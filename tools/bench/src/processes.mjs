/**
 * Runs the commands that are measured, each a process of its own, and ends them when this program is asked to
 * stop.
 */
import { spawn } from 'node:child_process';
import { LAYERWISE } from './workspace.mjs';

/** How much of what a process says is kept. */
const KEPT = 2 ** 26;

/**
 * @typedef {object} RunOptions
 * @property {AbortSignal} signal ends the process
 * @property {string} label what it is called when it fails
 * @property {(line: string, pid: number) => void} [onLine] called with every line on stderr
 * @property {(pid: number) => void} [onStart]
 */

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {readonly string[]} words
 * @param {RunOptions} options
 * @returns {Promise<{stdout: string, seconds: number}>} what it printed, and what it took, its start included
 * @throws {Error} of one sentence when it fails or is killed
 */
export async function run(command, words, { signal, label, onLine, onStart }) {
  signal.throwIfAborted();
  const started = performance.now();
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', kill, { once: true });
  let stdout = '';
  let last = '';
  let rest = '';
  const pid = child.pid ?? 0;
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    stdout = (stdout + text).slice(-KEPT);
  });
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() !== '') last = line.trim();
      onLine?.(line, pid);
    }
  });
  onStart?.(pid);
  try {
    const [code, killer] = await ended(child, label);
    signal.throwIfAborted();
    if (code !== 0) throw new Error(failure(label, code, killer, rest.trim() || last));
  } finally {
    signal.removeEventListener('abort', kill);
  }
  return { stdout, seconds: (performance.now() - started) / 1000 };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} label
 * @returns {Promise<[number | null, string | null]>}
 */
function ended(child, label) {
  return new Promise((done, fail) => {
    child.once('error', (error) => fail(new Error(`${label} could not be started: ${error.message}.`)));
    child.once('close', (code, killer) => done([code, killer]));
  });
}

/**
 * @param {string} label
 * @param {number | null} code
 * @param {string | null} killer
 * @param {string} said the last line on stderr
 * @returns {string}
 */
export function failure(label, code, killer, said) {
  if (killer === 'SIGKILL')
    return `${label} was killed by SIGKILL; where memory is short, measure smaller shapes (--shapes).`;
  if (killer !== null) return `${label} was ended by ${killer}.`;
  const reason = said.replace(/^layerwise: /, '').replace(/\.$/, '');
  return reason === '' ? `${label} failed with exit code ${String(code)}.` : `${label} failed: ${reason}.`;
}

/**
 * The JSON on the last line of an output.
 * @param {string} label
 * @param {string} stdout
 * @returns {any}
 */
export function lastJson(label, stdout) {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`${label} printed no JSON on its last line, but "${line.slice(0, 80)}".`);
  }
}

/**
 * `layerwise` with these words and `--json`.
 * @param {readonly (string | number)[]} words
 * @param {{signal: AbortSignal}} options
 * @returns {Promise<any>} what it printed, with `wholeSeconds` of the command as a whole
 */
export async function layerwise(words, { signal }) {
  const label = `layerwise ${words.slice(0, 2).join(' ')}`;
  const command = [LAYERWISE, ...words.map(String), '--json'];
  const { stdout, seconds } = await run(process.execPath, command, { signal, label });
  return { ...lastJson(label, stdout), wholeSeconds: seconds };
}
