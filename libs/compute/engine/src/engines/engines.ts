/**
 * Engines by the name that `--engine` takes. One that can't start here is an error that says how to get it;
 * there is no fallback to another.
 */
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@layerwise/errors';
import { eagerEngine } from './eager-engine.js';
import type { Engine } from './executable.js';
import { onnxruntimeEngine } from './onnxruntime-engine.js';
import { ENGINE_NAMES, type EngineName, type Provider } from '../options.js';
import { loadTensorflowBinding, TENSORFLOW } from './tensorflow-binding.js';

interface StartOptions {
  readonly provider: Provider;
  readonly threads: number | null;
  readonly profile: string | null;
}

type Start = (options: StartOptions) => Promise<Engine>;

const ENGINES: Readonly<Record<EngineName, Start>> = {
  onnxruntime: ({ provider, profile }) => onnxruntimeEngine(provider, profile),
  'tfjs-cpu': async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    return started('tfjs-cpu', 'cpu');
  },
  'tfjs-wasm': async () => {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(folderOf(import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
    return started('tfjs-wasm', 'wasm');
  },
  'tfjs-node': ({ threads }) => {
    loadTensorflowBinding('@tensorflow/tfjs-node', threads);
    return started('tfjs-node', TENSORFLOW);
  },
  'tfjs-node-gpu': ({ threads }) => {
    loadTensorflowBinding('@tensorflow/tfjs-node-gpu', threads);
    return started('tfjs-node-gpu', TENSORFLOW);
  },
};

/**
 * Starts an engine.
 * @param provider where onnxruntime computes; other engines have none
 * @param threads of an engine that wants to know them when it starts (tfjs-node); others take them with each
 * program
 * @param profile a folder that receives onnxruntime's times of every operator, one file a session, when it is
 * disposed
 * @throws InputError when it is not known, can't start on this machine, or has no such provider or profile.
 */
export async function startEngine(
  name: EngineName,
  provider: Provider = 'cpu',
  threads: number | null = null,
  profile: string | null = null,
): Promise<Engine> {
  if (!Object.hasOwn(ENGINES, name)) {
    throw new InputError(`There is no engine ${name}; choose one of ${ENGINE_NAMES.join(', ')}.`);
  }
  if (name !== 'onnxruntime' && provider !== 'cpu') {
    throw new InputError(
      `The provider ${provider} is a choice of the engine onnxruntime, and --engine ${name} has none; leave one of them out.`,
    );
  }
  if (name !== 'onnxruntime' && profile !== null) {
    throw new InputError(
      `Only the engine onnxruntime tells the time of every operator, and --engine ${name} does not; leave the profile or the engine out.`,
    );
  }
  return ENGINES[name]({ provider, threads, profile });
}

async function started(name: EngineName, backend: string): Promise<Engine> {
  let ready: boolean;
  try {
    ready = await tf.setBackend(backend);
    await tf.ready();
  } catch {
    ready = false;
  }
  if (!ready)
    throw new InputError(
      `The engine ${name} could not start its tfjs backend ${backend}; choose another --engine.`,
    );
  return eagerEngine(name, backend);
}

/**
 * The folder of a file's URL as a path, with a slash at its end: what tfjs' wasm backend puts before its
 * .wasm files.
 */
export function folderOf(url: string): string {
  return fileURLToPath(new URL('.', url));
}
