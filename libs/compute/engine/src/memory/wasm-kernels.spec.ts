// What every kernel module must be: what its source compiles to, and an owner of nothing in the memory it
// works on.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { dropoutKey, loadDropout, referenceDropoutMask } from './dropout.js';
import { addressIn, loadKernels } from './wasm-kernels.js';
import { createFlatMemory } from './memory.js';

describe('WebAssembly kernels', () => {
  it('are what their sources compile to', (context) => {
    const build = join(import.meta.dirname, '../../../../../tools/wasm/build.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [build, '--check', 'engine'], {
      encoding: 'utf8',
    });
    if (status === 3) context.skip(stdout.trim());
    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
  });

  it('work on memory beyond 2 GiB, where addresses are negative 32-bit integers', () => {
    const memory = createFlatMemory([540_000_000, 1024]);
    memory.allocate(540_000_000);
    const { floats, byteOffset } = memory.allocate(1024);
    expect(byteOffset).toBeGreaterThan(2 ** 31);
    const reference = new Float32Array(1024);
    const key = dropoutKey({ seed: 3, phase: 0, step: 1, place: 2 });
    loadDropout(memory)(floats, 0.5, key);
    referenceDropoutMask(reference, 0.5, key);
    expect(floats).toEqual(reference);
  });

  it('name a function that a module lacks, and an array of another memory', () => {
    const memory = createFlatMemory([16]);
    const file = new URL('../../wasm/rows.wasm', import.meta.url);
    expect(() => loadKernels(file, ['no_such'], memory)).toThrow(/rows\.wasm has no function no_such/);
    expect(() => addressIn(memory, new Float32Array(4))).toThrow('outside its memory');
    expect(addressIn(memory, memory.allocate(16).floats)).toBe(65_536);
  });
});
