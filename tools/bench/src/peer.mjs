/**
 * PyTorch's side: the scripts `torch_step.py` and `torch_finetune.py` of a folder that the reader names, and
 * a Python to run them.
 *
 * `torch_step.py` is called with one JSON argument {L,H,A,B,T,steps,threads,dropout} and prints JSON with
 * median_ms and rss_mb; `torch_finetune.py` with
 * {encoder,original,shifted,data,rates,epochs,train,batch,max_length,seed,threads,padding} and prints JSON
 * with first.seconds, second.seconds, accuracyOriginal, accuracyShifted and rss_mb.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { lastJson, run } from './processes.mjs';
import { PYTHON_FOLDER } from './workspace.mjs';

/**
 * @typedef {object} Peer
 * @property {Record<string, string>} versions
 * @property {(script: 'torch_step.py' | 'torch_finetune.py', settings: object) => Promise<any>} call with
 * `wholeSeconds` added
 * @property {(script: 'torch_products.py', settings: object) => Promise<any>} own a script of this folder,
 * likewise
 */

const VERSIONS =
  'import json, torch, transformers; print(json.dumps({"PyTorch": torch.__version__, "transformers": transformers.__version__}))';

/**
 * @param {string} folder of the scripts
 * @param {string | null} python an interpreter with torch and transformers; null: one is made in data-cache
 * @param {{signal: AbortSignal, say: (line: string) => void}} context
 * @returns {Promise<Peer>}
 * @throws {InputError} when a script or what it needs is missing
 */
export async function openPeer(folder, python, { signal, say }) {
  for (const script of ['torch_step.py', 'torch_finetune.py']) {
    if (!existsSync(join(folder, script)))
      throw new InputError(`${join(folder, script)} does not exist; --peer is the folder that has it.`);
  }
  const interpreter = python ?? (await ownPython({ signal, say }));
  const versions = await versionsOf(interpreter, signal);
  if (versions === null)
    throw new InputError(
      `${interpreter} can't import torch and transformers; give --python with one that can, or leave it out and an environment is made.`,
    );
  /** @param {string} place @param {string} script @param {object} settings */
  const ask = async (place, script, settings) => {
    const words = [join(place, script), JSON.stringify(settings)];
    const { stdout, seconds } = await run(interpreter, words, { signal, label: script });
    return { ...lastJson(script, stdout), wholeSeconds: seconds };
  };
  return {
    versions,
    call: (script, settings) => ask(folder, script, settings),
    own: (script, settings) => ask(import.meta.dirname, script, settings),
  };
}

/**
 * @param {string} interpreter
 * @param {AbortSignal} signal
 * @returns {Promise<Record<string, string> | null>}
 */
async function versionsOf(interpreter, signal) {
  try {
    const { stdout } = await run(interpreter, ['-c', VERSIONS], { signal, label: interpreter });
    return lastJson(interpreter, stdout);
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

/**
 * The environment in data-cache, made where it is not there or was left unfinished.
 * @param {{signal: AbortSignal, say: (line: string) => void}} context
 * @returns {Promise<string>} its interpreter
 */
async function ownPython({ signal, say }) {
  const interpreter = join(PYTHON_FOLDER, 'bin/python');
  if (existsSync(interpreter) && (await versionsOf(interpreter, signal)) !== null) return interpreter;
  say(`making a Python environment with torch and transformers in ${PYTHON_FOLDER}; it takes some GB`);
  try {
    await run('python3', ['-m', 'venv', PYTHON_FOLDER], { signal, label: 'python3 -m venv' });
    const words = ['-m', 'pip', 'install', '--quiet', 'torch', 'transformers'];
    await run(interpreter, words, { signal, label: 'pip install' });
  } catch (error) {
    signal.throwIfAborted();
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
    throw new InputError(`${reason}; give --python with an interpreter that has torch and transformers.`);
  }
  return interpreter;
}
