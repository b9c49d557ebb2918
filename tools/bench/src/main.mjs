/**
 * `npm run bench` behind its first line: measures part by part, keeps what there is after each, and prints it
 * all at the end.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { machine, useOfMachine } from './machine.mjs';
import { commandOf, settingsOf } from './options.mjs';
import { measureProtocol } from './parts/finetune.mjs';
import { measureDropout } from './parts/dropout.mjs';
import { measureLarge } from './parts/large.mjs';
import { measureMemory } from './parts/memory.mjs';
import { measureParallel } from './parts/parallel.mjs';
import { measureProducts } from './parts/products.mjs';
import { measureProfile } from './parts/profile.mjs';
import { measureSteps } from './parts/step.mjs';
import { openPeer } from './peer.mjs';
import { reportJson, reportMarkdown, reportText } from './report.mjs';

/** @typedef {import('./in-turn.mjs').Context} Context */
/** @typedef {import('./in-turn.mjs').Found} Found */

/** @type {Record<import('./options.mjs').PartName, (context: Context) => Promise<Found>>} */
const MEASURE = {
  step: measureSteps,
  dropout: measureDropout,
  memory: measureMemory,
  finetune: measureProtocol,
  parallel: measureParallel,
  large: measureLarge,
  profile: measureProfile,
  products: measureProducts,
};

/**
 * @param {readonly string[]} words
 * @returns {Promise<0 | 1 | 2>} exit code: 0 done, 1 failed or stopped, 2 wrong use
 */
export async function main(words) {
  const controller = new globalThis.AbortController();
  const stop = (/** @type {string} */ name) => controller.abort(new Error(`Stopped by ${name}.`));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await measure(words, controller.signal);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`bench: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
    return error instanceof InputError ? 2 : 1;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** @param {readonly string[]} words @param {AbortSignal} signal */
async function measure(words, signal) {
  const settings = settingsOf(words);
  const say = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);
  if (settings.left.length > 0)
    say(`${settings.left.join(', ')}: left out, they need --encoder DIR and --data DIR`);
  const peer =
    settings.peer === null ? null : await openPeer(settings.peer, settings.python, { signal, say });
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-bench-'));
  /** @type {Record<string, Found>} */
  const parts = {};
  const report = { machine: machine(peer?.versions ?? {}), command: commandOf(words), settings, parts };
  try {
    for (const part of settings.parts) {
      parts[part] = await MEASURE[part]({ settings, peer, signal, folder, say, look: useOfMachine });
      if (settings.out !== null) keep(settings.out, reportJson(report));
    }
  } catch (error) {
    throw keptBefore(error, settings.out, Object.keys(parts));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${settings.markdown ? reportMarkdown(report) : reportText(report)}\n`);
}

/**
 * What ended a measurement, with what there is of it, in one sentence.
 * @param {unknown} error
 * @param {string | null} out
 * @param {readonly string[]} parts that were done before
 * @returns {unknown}
 */
export function keptBefore(error, out, parts) {
  if (!(error instanceof Error) || error instanceof InputError) return error;
  const reason = error.message.replace(/\.$/, '');
  const kept =
    out === null || parts.length === 0
      ? 'nothing is kept'
      : `${out} keeps what was measured before: ${parts.join(', ')}`;
  return new Error(`${reason}; ${kept}.`, { cause: error });
}

/**
 * Writes a file whole or not at all.
 * @param {string} file
 * @param {object} json
 */
function keep(file, json) {
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(unfinished, `${JSON.stringify(json, null, 2)}\n`);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new InputError(
      `${file} can't be written (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
}
