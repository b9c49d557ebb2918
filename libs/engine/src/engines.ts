/**
 * Engines by the name that `--engine` takes. One that can't start here is an error that says how to get it; there is
 * no fallback to another.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@layerwise/errors';
import { eagerEngine } from './eager-engine.js';
import type { Engine } from './executable.js';
import { onnxruntimeEngine, type Provider } from './onnxruntime-engine.js';
import { loadTensorflowBinding } from './tensorflow-binding.js';

type Start = (provider: Provider) => Promise<Engine>;

export type EngineName = 'onnxruntime' | 'tfjs-cpu' | 'tfjs-wasm' | 'tfjs-node' | 'tfjs-node-gpu';

const ENGINES: Readonly<Record<EngineName, Start>> = {
  onnxruntime: (provider) => Promise.resolve(onnxruntimeEngine(provider)),
  'tfjs-cpu': async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    return started('tfjs-cpu', 'cpu');
  },
  'tfjs-wasm': async () => {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(wasmFolder());
    return started('tfjs-wasm', 'wasm');
  },
  'tfjs-node': async () => {
    await loadTensorflowBinding('@tensorflow/tfjs-node');
    return started('tfjs-node', 'tensorflow');
  },
  'tfjs-node-gpu': async () => {
    await loadTensorflowBinding('@tensorflow/tfjs-node-gpu');
    return started('tfjs-node-gpu', 'tensorflow');
  },
};

export const ENGINE_NAMES = Object.keys(ENGINES) as readonly EngineName[];

/**
 * Starts an engine.
 * @throws InputError when it is not known or can't start on this machine.
 */
export async function startEngine(name: EngineName, provider: Provider = 'cpu'): Promise<Engine> {
  if (!(name in ENGINES))
    throw new InputError(`There is no engine ${name}; choose one of ${ENGINE_NAMES.join(', ')}.`);
  return ENGINES[name](provider);
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

/** The folder of the .wasm files that come with tfjs' wasm backend, with a slash at its end. */
function wasmFolder(): string {
  return new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')).pathname;
}
