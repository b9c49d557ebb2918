/**
 * Loads the WebAssembly kernels that work on flat memory (`../wasm/*.c` here and in other libs; memory.ts). A
 * module is compiled once a process and instantiated once a memory.
 *
 * Kernels take addresses and numbers. Callers pass typed arrays; `addressIn` turns one into its address and
 * refuses an array that lies elsewhere.
 */
import { readFileSync } from 'node:fs';

import type { FlatMemory } from './memory.js';

/** A function exported by a kernel module: addresses, lengths and numbers in, at most one number out. */
export type Kernel = (...numbers: number[]) => number | undefined;

const compiled = new Map<string, WebAssembly.Module>();

/**
 * The functions called `names` of the module in `file` (an URL beside the caller, which holds from source and
 * from dist: `new URL('../../wasm/x.wasm', import.meta.url)`), bound to `memory`.
 * @throws TypeError when the module lacks one of them (it was not rebuilt: `node tools/wasm/build.mjs`).
 */
export function loadKernels<Name extends string>(
  file: URL,
  names: readonly Name[],
  memory: FlatMemory,
): Readonly<Record<Name, Kernel>> {
  let module = compiled.get(file.href);
  if (!module) {
    module = new WebAssembly.Module(readFileSync(file));
    compiled.set(file.href, module);
  }
  const { exports } = new WebAssembly.Instance(module, { env: { memory: memory.memory } });
  for (const name of names) {
    if (typeof exports[name] !== 'function') throw new TypeError(`${file.href} has no function ${name}`);
  }
  return exports as Record<Name, Kernel>;
}

/** The address of an array within `memory`. @throws RangeError when its bytes are not of that memory. */
export function addressIn(memory: FlatMemory, array: Float32Array | Int32Array): number {
  if (array.buffer !== memory.memory.buffer)
    throw new RangeError('a kernel was given an array outside its memory');
  return array.byteOffset;
}
