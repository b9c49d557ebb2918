import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { InputError } from '@layerwise/errors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadTensorflowBinding, type TensorflowPackage } from './tensorflow-binding.js';

/** A `require` that finds packages in `folder`/node_modules first, and the folder of a package there. */
function elsewhere(name: TensorflowPackage): { require: NodeJS.Require; folder: string } {
  const root = mkdtempSync(join(tmpdir(), 'layerwise-engine-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return { require: createRequire(join(root, 'index.js')), folder: join(root, 'node_modules', name) };
}

/** The error of loading; undefined when it loads. */
function refusal(name: TensorflowPackage, require: NodeJS.Require): unknown {
  try {
    loadTensorflowBinding(name, 1, require);
    return undefined;
  } catch (error) {
    return error;
  }
}

const real = createRequire(import.meta.url);
const realFolder = (name: TensorflowPackage): string => dirname(real.resolve(`${name}/package.json`));
const isBuilt = (() => {
  try {
    return existsSync(join(realFolder('@tensorflow/tfjs-node'), 'lib/napi-v8/tfjs_binding.node'));
  } catch {
    return false;
  }
})();

describe('a TensorFlow package that can not be loaded', () => {
  it('is not installed', () => {
    const { require } = elsewhere('@tensorflow/tfjs-node');
    const error = refusal('@tensorflow/tfjs-node', require);
    expect(error).toBeInstanceOf(InputError);
    expect(inspect(error)).toContain(
      'The package @tensorflow/tfjs-node is not installed; run npm ci --include=optional and then ' +
        'tools/tfjs-node/build.sh, or choose another --engine.',
    );
  });

  it('has no binding, and registers no kernels', () => {
    const { require, folder } = elsewhere('@tensorflow/tfjs-node-gpu');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(join(folder, 'index.js'), 'throw new Error("the package was loaded")');
    const error = refusal('@tensorflow/tfjs-node-gpu', require);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toBe(
      'The native binding of @tensorflow/tfjs-node-gpu has not been built; build it with ' +
        'tools/tfjs-node/build.sh --gpu --cuda, or choose another --engine.',
    );
  });

  it('has a binding that does not load, such as one whose library is gone', () => {
    const { require, folder } = elsewhere('@tensorflow/tfjs-node');
    mkdirSync(join(folder, 'lib/napi-v8'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(join(folder, 'index.js'), 'throw new Error("the package was loaded")');
    const binding = join(folder, 'lib/napi-v8/tfjs_binding.node');
    // The real binding without TensorFlow beside it, or what is no library at all.
    if (isBuilt) cpSync(join(realFolder('@tensorflow/tfjs-node'), 'lib/napi-v8/tfjs_binding.node'), binding);
    else writeFileSync(binding, 'not a library');
    const error = refusal('@tensorflow/tfjs-node', require);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(
      /^The native binding of @tensorflow\/tfjs-node can't be loaded \([^/]+\); build it anew with tools\/tfjs-node\/build\.sh, or choose another --engine\.$/,
    );
    if (isBuilt) expect((error as Error).message).toContain('libtensorflow');
  });
});

describe('tfjs-node-gpu', () => {
  it('is refused where TensorFlow finds no GPU, and where the other package is loaded', (context) => {
    if (!isBuilt) context.skip('tfjs-node is not built (tools/tfjs-node/build.sh)');
    // Both packages have the same binding: tfjs-node's, which knows no GPU, under the name of the other.
    const { require, folder } = elsewhere('@tensorflow/tfjs-node-gpu');
    mkdirSync(join(folder, 'lib'), { recursive: true });
    cpSync(join(realFolder('@tensorflow/tfjs-node-gpu'), 'dist'), join(folder, 'dist'), { recursive: true });
    cpSync(join(realFolder('@tensorflow/tfjs-node-gpu'), 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(realFolder('@tensorflow/tfjs-node'), 'lib/napi-v8'), join(folder, 'lib/napi-v8'));
    symlinkSync(dirname(dirname(realFolder('@tensorflow/tfjs-node'))), join(folder, 'node_modules'));
    const error = refusal('@tensorflow/tfjs-node-gpu', require);
    expect(inspect(error)).toContain(
      "TensorFlow finds no GPU here: tfjs-node-gpu needs an NVIDIA driver and CUDA's libraries " +
        '(tools/tfjs-node/build.sh --gpu --cuda); choose --engine tfjs-node to compute on the processor.',
    );
    expect(error).toBeInstanceOf(InputError);
    expect(tf.getBackend()).toBe('tensorflow');
    expect(process.env['TF_NUM_INTRAOP_THREADS']).toBe('1');
    expect(process.env['TF_CPP_MIN_LOG_LEVEL']).toBeDefined();

    const other = refusal('@tensorflow/tfjs-node', real);
    expect(other).toBeInstanceOf(InputError);
    expect((other as Error).message).toBe(
      "Another package's TensorFlow is loaded in this process already; run the engine of @tensorflow/tfjs-node in a process of its own.",
    );
  });
});
