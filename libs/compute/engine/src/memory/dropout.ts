/**
 * Dropout masks from a counter (the kernel: ../wasm/dropout.c). A mask is a function of its key, a key one of
 * (seed, phase, step, place): nothing is drawn in sequence, so a continued run needs no generator's state and
 * masks may be filled in any order. Inverted dropout (Srivastava et al. 2014): kept floats are 1/(1-rate), so
 * that evaluation needs no factor.
 */
import { InputError } from '@layerwise/errors';

import { addressIn, loadKernels } from './wasm-kernels.js';
import type { FlatMemory } from './memory.js';

/** 64 bits that choose a mask, as two unsigned 32-bit integers. */
export type DropoutKey = readonly [number, number];

/** What a mask is for. All four are integers from 0 to 2^53 - 1. */
export interface MaskPlace {
  /** The run's seed. */
  readonly seed: number;
  /** Which training phase of the run: 0 the original task, 1 the shifted one. */
  readonly phase: number;
  readonly step: number;
  /** Which dropout of the model, counted from 0. */
  readonly place: number;
}

/** Fills `mask` with 0 (a share `rate` of it, at random by `key`) and 1/(1-rate); rate 0: with ones. */
export type FillDropoutMask = (mask: Float32Array, rate: number, key: DropoutKey) => void;

/** The WebAssembly version, for masks that are views of `memory`: about half a nanosecond a float. */
export function loadDropout(memory: FlatMemory): FillDropoutMask {
  const { fill_mask } = loadKernels(
    new URL('../../wasm/dropout.wasm', import.meta.url),
    ['fill_mask'],
    memory,
  );
  return (mask, rate, key) => {
    fill_mask(addressIn(memory, mask), mask.length, key[0], key[1], threshold(rate), 1 / (1 - rate));
  };
}

/** The same in plain TypeScript, for any array and bit for bit. */
export const referenceDropoutMask: FillDropoutMask = (mask, rate, key) => {
  const below = threshold(rate);
  const value = 1 / (1 - rate);
  for (let i = 0; i < mask.length; i++) {
    const bits = finalise(finalise(i ^ key[0]) + key[1]);
    mask[i] = bits >= below ? value : 0;
  }
};

/**
 * The key of one mask. Each word is a chain of finalisers over the halves of all four numbers: two places
 * that differ in one number below 2^32 never share either word, and no simple relation holds between their
 * words.
 */
export function dropoutKey({ seed, phase, step, place }: MaskPlace): DropoutKey {
  let first = 0x9e3779b9;
  let second = 0x85ebca6b;
  for (const number of [seed, phase, step, place]) {
    for (const word of [number >>> 0, Math.floor(number / 2 ** 32)]) {
      first = finalise(first ^ word) + 0x6c62272e;
      second = finalise(second + word) ^ 0x27d4eb2f;
    }
  }
  return [finalise(first), finalise(second)];
}

/** Floats whose hash is below this are dropped. @throws InputError unless 0 ≤ rate < 1. */
function threshold(rate: number): number {
  if (!(rate >= 0 && rate < 1)) {
    throw new InputError(
      `A dropout rate is at least 0 and below 1, not ${rate}; correct the encoder's config.json.`,
    );
  }
  return Math.min(Math.round(rate * 2 ** 32), 2 ** 32 - 1);
}

/** A bijection of 32-bit integers that mixes every bit into every other (hash-prospector, Chris Wellons). */
function finalise(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul(x, 0xd35a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
