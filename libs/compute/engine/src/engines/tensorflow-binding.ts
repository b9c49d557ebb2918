/**
 * Loads tfjs-node or tfjs-node-gpu, whose native binding may be absent: their install script downloads it,
 * and no install script runs here. `tools/tfjs-node/build.sh` builds it against the TensorFlow library of a
 * Python wheel, and the page beside it says what each step below is for.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InputError } from '@layerwise/errors';
import * as tf from '@tensorflow/tfjs-core';

export type TensorflowPackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/** The backend's name, in both packages. */
export const TENSORFLOW = 'tensorflow';

const BUILD: Readonly<Record<TensorflowPackage, string>> = {
  '@tensorflow/tfjs-node': 'tools/tfjs-node/build.sh',
  '@tensorflow/tfjs-node-gpu': 'tools/tfjs-node/build.sh --gpu --cuda',
};

/**
 * Registers the package's backend with tfjs.
 * @param threads TensorFlow's threads, which it reads when it is loaded: the first call of a process decides
 * @param require finds packages from another place than this file's
 * @throws InputError with what to do when the package, its binding, TensorFlow's library or a GPU is missing.
 */
export function loadTensorflowBinding(
  name: TensorflowPackage,
  threads: number | null,
  require: NodeJS.Require = createRequire(import.meta.url),
): void {
  const binding = bindingOf(name, require);
  if (TENSORFLOW in tf.engine().registryFactory && !(require.resolve(name) in require.cache)) {
    throw new InputError(
      `Another package's TensorFlow is loaded in this process already; run the engine of ${name} in a process of its own.`,
    );
  }
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  if (threads !== null) process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threads);
  restoreUtilFunctions(require);
  try {
    // First, because the package registers its kernels before it asks for the binding.
    require(binding);
  } catch (error) {
    throw new InputError(
      `The native binding of ${name} can't be loaded (${reasonOf(error)}); build it anew with ${BUILD[name]}, or choose another --engine.`,
    );
  }
  require(name);
  if (name === '@tensorflow/tfjs-node-gpu') refuseWithoutGpu();
}

/** The path of the package's native binding. */
function bindingOf(name: TensorflowPackage, require: NodeJS.Require): string {
  let folder: string;
  try {
    folder = dirname(require.resolve(`${name}/package.json`));
  } catch {
    throw new InputError(
      `The package ${name} is not installed; run npm ci --include=optional and then ${BUILD[name]}, or choose another --engine.`,
    );
  }
  const binding = join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');
  if (existsSync(binding)) return binding;
  throw new InputError(
    `The native binding of ${name} has not been built; build it with ${BUILD[name]}, or choose another --engine.`,
  );
}

/** tfjs-node-gpu computes on the processor, and says nothing, where TensorFlow finds no GPU. */
function refuseWithoutGpu(): void {
  const backend = tf.findBackend(TENSORFLOW);
  if ('isUsingGpuDevice' in backend && backend.isUsingGpuDevice === true) return;
  throw new InputError(
    "TensorFlow finds no GPU here: tfjs-node-gpu needs an NVIDIA driver and CUDA's libraries " +
      `(${BUILD['@tensorflow/tfjs-node-gpu']}); choose --engine tfjs-node to compute on the processor.`,
  );
}

/** tfjs-node 4.22 calls functions of node:util that Node 22 warns of and Node 23 dropped. */
function restoreUtilFunctions(require: NodeJS.Require): void {
  const isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined;
  Object.assign(require('node:util') as object, { isNullOrUndefined, isArray: Array.isArray });
}

/** The loader's message without the folders of its files. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n', 1)[0] ?? '').replaceAll(/\S*\//g, '');
}
