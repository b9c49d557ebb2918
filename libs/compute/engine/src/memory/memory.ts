/**
 * Flat memory: one WebAssembly memory that holds parameters, gradients, optimiser state, activations handed
 * to the session and dropout masks, so that onnxruntime and the WebAssembly kernels work on the same bytes.
 *
 * The memory never grows after it was made (growing would detach every view), so its size is planned first.
 * `layout.ts` says which tensor lies where within a region.
 */
import { InputError } from '@layerwise/errors';

const PAGE_BYTES = 65_536;
/** Kernels compiled by clang keep a small stack and their constants below this address. */
const RESERVED_BYTES = PAGE_BYTES;
/** Regions start at cache lines. */
const ALIGNMENT_BYTES = 64;
/** WebAssembly addresses are 32 bits wide. */
const MAXIMUM_BYTES = 65_536 * PAGE_BYTES;

/** A stretch of flat memory: `length` floats from address `byteOffset`. */
export interface Region {
  readonly byteOffset: number;
  readonly length: number;
  readonly floats: Float32Array;
}

export interface FlatMemory {
  readonly memory: WebAssembly.Memory;
  readonly bytes: number;
  /** The next `length` floats, zeroed. @throws RangeError when the planned size is used up. */
  allocate(length: number): Region;
}

/** Bytes that regions of these lengths (in floats) take, alignment included. */
export function plannedBytes(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + roundUp(length * 4, ALIGNMENT_BYTES), RESERVED_BYTES);
}

/**
 * Makes a flat memory in which `allocate` can be called once for each of `lengths` (floats).
 * @throws InputError when they need more than the 4 GiB that WebAssembly can address.
 */
export function createFlatMemory(lengths: readonly number[]): FlatMemory {
  const bytes = plannedBytes(lengths);
  if (bytes > MAXIMUM_BYTES) {
    throw new InputError(
      `This run needs ${(bytes / 2 ** 30).toFixed(1)} GiB of flat memory and WebAssembly can address 4 GiB; ` +
        'use a smaller encoder, a smaller --batch or a smaller --max-length.',
    );
  }
  const memory = makeMemory(bytes);
  let next = RESERVED_BYTES;
  const allocate = (length: number): Region => {
    const byteOffset = next;
    next += roundUp(length * 4, ALIGNMENT_BYTES);
    if (next > memory.buffer.byteLength) {
      throw new RangeError(`flat memory of ${bytes} bytes has no room for ${length} more floats`);
    }
    return { byteOffset, length, floats: new Float32Array(memory.buffer, byteOffset, length) };
  };
  return { memory, bytes, allocate };
}

/** V8 throws a RangeError where the system has no room. */
function makeMemory(bytes: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(
      `This run needs ${(bytes / 2 ** 30).toFixed(1)} GiB of flat memory and this machine does not give it that; ` +
        'free some, or use a smaller encoder, a smaller --batch or a smaller --max-length.',
    );
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
