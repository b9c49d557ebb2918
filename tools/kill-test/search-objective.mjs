/**
 * An objective for `search-kill-test.mjs` that knows when it was interrupted wrongly: what it computes is a
 * chain over all its steps, saved after each, so that a step that is lost or done twice changes the reward;
 * and it writes down when another process writes into its folder, or the checkpoint there is not what the
 * search promised.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** One step of the chain: a 32-bit mixing function. */
const next = (state, step) => {
  let x = Math.imul(state ^ step ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
};

/**
 * What a run of the trial must give, by the same chain without an interruption: null where it fails or
 * diverges.
 */
export function expectedReward({ x, kind }, seed, to, stepsPerUnit) {
  if (x < 0.12) return null;
  let state = seed >>> 0;
  for (let step = 0; step < to * stepsPerUnit; step++) state = next(state, step);
  return -((x - 0.4) ** 2) - (kind === 'b' ? 0.1 : 0) + state / 2 ** 32 / 10 / to;
}

/**
 * @param {{ stepMs: number, stepsPerUnit: number, bytes: number, quiet: boolean, violations: string }}
 * configuration `bytes` of a
 *   checkpoint; a quiet one writes none; `violations`: the file that names what must not be
 */
export async function createWork({ stepMs, stepsPerUnit, bytes, quiet, violations }) {
  return async ({ trial, values, seed, from, to }, { folder, signal, progress }) => {
    const accuse = (what) =>
      appendFileSync(violations, `trial ${trial} to ${to}, process ${process.pid}: ${what}\n`);
    const [first, last] = [from * stepsPerUnit, to * stepsPerUnit];
    const file = join(folder, 'checkpoint');
    let [step, state] = [0, seed >>> 0];
    if (existsSync(file)) {
      const found = JSON.parse(readFileSync(file, 'utf8').trimEnd());
      if (found.seed !== seed) accuse('the checkpoint is that of another trial');
      if (found.step > last) accuse(`the checkpoint is at step ${found.step}, beyond ${last}`);
      ({ step, state } = found);
    }
    if (!quiet && step < first) accuse(`step ${first} was promised, but the checkpoint is at ${step}`);
    const owner = join(folder, 'owner');
    if (!quiet) write(owner, String(process.pid));
    progress(Math.max(0, step - first), last - first);
    while (step < last) {
      if (signal.aborted) return { kind: 'stopped', steps: Math.max(0, step - first) };
      await sleep(stepMs);
      if (!quiet && readFileSync(owner, 'utf8') !== String(process.pid))
        accuse('another process writes here too');
      state = next(state, step++);
      if (!quiet) write(file, JSON.stringify({ seed, step, state }).padEnd(bytes));
      progress(Math.max(0, step - first), last - first);
    }
    const { x, kind } = values;
    if (x < 0.06) return { kind: 'measured', reward: NaN, measures: {}, steps: last - first };
    if (x < 0.12) throw new Error(`there is no result at ${x}`);
    const reward = -((x - 0.4) ** 2) - (kind === 'b' ? 0.1 : 0) + state / 2 ** 32 / 10 / to;
    return { kind: 'measured', reward, measures: { original: x, shifted: state }, steps: last - first };
  };
}

/** Whole or not at all. */
function write(file, text) {
  const descriptor = openSync(`${file}.new`, 'w');
  try {
    const contents = Buffer.from(text);
    for (let done = 0; done < contents.length;) done += writeSync(descriptor, contents, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.new`, file);
}
