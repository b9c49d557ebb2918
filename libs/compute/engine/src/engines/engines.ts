/** Engines by the name that `--engine` takes. One that can't start is an error that says how to get it. */
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@layerwise/errors';
import { eagerEngine } from './eager-engine.js';
import type { Engine, StartOptions } from './executable.js';
import { onnxruntimeEngine } from './onnxruntime-engine.js';
import { ENGINE_NAMES, type EngineName } from '../options.js';
import { loadTensorflowBinding, TENSORFLOW } from './tensorflow-binding.js';

type Start = (options: StartOptions) => Promise<Engine>;

const ENGINES: Readonly<Record<EngineName, Start>> = {
  onnxruntime: onnxruntimeEngine,
  'tfjs-cpu': async ({ threads }) => {
    await import('@tensorflow/tfjs-backend-cpu');
    return started('tfjs-cpu', 'cpu', threads);
  },
  'tfjs-wasm': async ({ threads }) => {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(folderOf(import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
    return started('tfjs-wasm', 'wasm', threads);
  },
  'tfjs-node': ({ threads }) => {
    loadTensorflowBinding('@tensorflow/tfjs-node', threads);
    return started('tfjs-node', TENSORFLOW, threads);
  },
  'tfjs-node-gpu': ({ threads }) => {
    loadTensorflowBinding('@tensorflow/tfjs-node-gpu', threads);
    return started('tfjs-node-gpu', TENSORFLOW, threads);
  },
};

/**
 * Starts an engine: onnxruntime on the cpu, one thread and no profile unless told otherwise.
 * @throws InputError when it is not known, can't start on this machine, or has no such provider or profile.
 */
export async function startEngine(
  name: EngineName,
  { provider = 'cpu', threads = 1, profile = null }: Partial<StartOptions> = {},
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

async function started(name: EngineName, backend: string, threads: number): Promise<Engine> {
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
  return eagerEngine(name, backend, threads);
}

/** The folder of a file's URL as a path that ends in a slash, as tfjs' wasm backend wants it. */
export function folderOf(url: string): string {
  return fileURLToPath(new URL('.', url));
}
