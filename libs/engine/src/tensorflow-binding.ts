/**
 * Loads tfjs-node or tfjs-node-gpu, whose native binding may be absent: their install script downloads it, and no
 * install script runs here. `tools/tfjs-node/build.sh` builds it against the TensorFlow library of a Python wheel.
 */
import { createRequire } from 'node:module';
import { InputError } from '@layerwise/errors';

const require = createRequire(import.meta.url);

export type TensorflowPackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/** @throws InputError with what to do when the package or its binding is missing. */
export async function loadTensorflowBinding(name: TensorflowPackage): Promise<void> {
  restoreUtilFunctions();
  try {
    await Promise.resolve(require(name));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    const gpu = name.endsWith('gpu') ? ' --gpu' : '';
    throw new InputError(
      `The native binding of ${name} is not there (${String(reason)}); build it with tools/tfjs-node/build.sh${gpu}, or choose another --engine.`,
    );
  }
}

/** tfjs-node 4.22 calls functions of node:util that Node 23 dropped; this puts the ones it needs back. */
function restoreUtilFunctions(): void {
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}
