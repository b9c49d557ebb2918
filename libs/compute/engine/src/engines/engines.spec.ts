import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { executablesOf } from '../../test/executables.js';
import { folderOf, startEngine } from './engines.js';
import { ENGINE_NAMES, type EngineName } from '../options.js';
import { loadTensorflowBinding } from './tensorflow-binding.js';

/** What a process of its own, without vitest, can import. */
const BUILT = join(import.meta.dirname, '../../dist/index.js');

const ALWAYS: readonly EngineName[] = ['onnxruntime', 'tfjs-cpu', 'tfjs-wasm'];

describe.each(ALWAYS)('executables of %s', (name) => {
  executablesOf(() => startEngine(name));
});

describe('executables of tfjs-node', () => {
  let absent = '';
  try {
    loadTensorflowBinding('@tensorflow/tfjs-node', 1);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    absent = error.message;
  }
  if (absent === '') executablesOf(() => startEngine('tfjs-node'));
  else it('are compared', (context) => context.skip(absent));
});

it('the folder of a URL is a path, also where its name has spaces', () => {
  const folder = join(import.meta.dirname, 'my own projects', 'é');
  expect(folderOf(pathToFileURL(join(folder, 'index.js')).href)).toBe(folder + sep);
});

describe('engines', () => {
  it('have the names that --engine takes', () => {
    expect(ENGINE_NAMES).toEqual(['onnxruntime', 'tfjs-cpu', 'tfjs-wasm', 'tfjs-node', 'tfjs-node-gpu']);
  });

  it.each(['toString', 'torch'])('refuse the name %s', async (name) => {
    await expect(startEngine(name as EngineName)).rejects.toThrow(
      `There is no engine ${name}; choose one of onnxruntime, tfjs-cpu, tfjs-wasm, tfjs-node, tfjs-node-gpu.`,
    );
  });

  it('of tfjs have no times of operators', async () => {
    await expect(startEngine('tfjs-cpu', 'cpu', null, 'profiles')).rejects.toThrow(
      'Only the engine onnxruntime tells the time of every operator, and --engine tfjs-cpu does not; leave the profile or the engine out.',
    );
  });

  it('refuse a folder for profiles that is none', async () => {
    const place = import.meta.filename;
    await expect(startEngine('onnxruntime', 'cpu', null, place)).rejects.toThrow(
      `The folder ${place} for profiles can't be written; choose another.`,
    );
  });

  it('of tfjs have no provider', async () => {
    await expect(startEngine('tfjs-cpu', 'cuda')).rejects.toThrow(
      'The provider cuda is a choice of the engine onnxruntime, and --engine tfjs-cpu has none; leave one of them out.',
    );
  });
});

describe.each(['webgpu', 'cuda'])('the provider %s', (provider) => {
  it('starts, or is refused by one sentence and nothing on stderr', (context) => {
    if (!existsSync(BUILT)) context.skip('the lib is not built (npm run build)');
    const { stdout, stderr } = runModule(`
      const { startEngine } = await import(process.argv[1]);
      const engine = await startEngine('onnxruntime', '${provider}').catch((error) => error);
      console.log(engine instanceof Error ? engine.name + ': ' + engine.message : engine.name);
    `);
    if (stdout === `onnxruntime (${provider})`) context.skip(`${provider} is here`);
    expect(stdout).toMatch(
      new RegExp(
        `^InputError: onnxruntime can't start its provider ${provider} here \\([^/]+\\); it needs [^/]+\\.$`,
      ),
    );
    expect(stderr).toBe('');
  });
});

/** Runs a module in a process of its own; argv[1] is the engine lib. */
function runModule(code: string): { stdout: string; stderr: string } {
  const lib = pathToFileURL(BUILT).href;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', code, lib], { encoding: 'utf8' });
  return { stdout: result.stdout.trim(), stderr: result.stderr };
}
