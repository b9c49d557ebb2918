/**
 * Which texts a step sees. The order of an epoch is a function of (seed, phase, epoch) alone, so a continued run needs no
 * generator's state: it asks for step k again and gets the same texts.
 */
import { mersenne } from 'pure-rand/generator/mersenne';
import { uniformInt } from 'pure-rand/distribution/uniformInt';

/** A permutation of 0 … rows−1 by Fisher and Yates. Phases count from 0. */
export function epochOrder(seed: number, phase: number, epoch: number, rows: number): Int32Array {
  const generator = mersenne(mixedSeed([seed, phase, epoch]));
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  for (let last = rows - 1; last > 0; last--) {
    const other = uniformInt(generator, 0, last);
    const swapped = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = swapped;
  }
  return order;
}

/** Steps of one epoch: `texts` rows a step, the last one with what is left. */
export function stepsPerEpoch(rows: number, texts: number): number {
  return Math.ceil(rows / texts);
}

/** Gives the rows of any step of a phase, counted from 0 over all epochs. */
export function stepRows(
  seed: number,
  phase: number,
  rows: number,
  texts: number,
): (step: number) => Int32Array {
  const steps = stepsPerEpoch(rows, texts);
  let shuffled: { epoch: number; order: Int32Array } = { epoch: -1, order: new Int32Array(0) };
  return (step) => {
    const epoch = Math.floor(step / steps);
    if (shuffled.epoch !== epoch) shuffled = { epoch, order: epochOrder(seed, phase, epoch, rows) };
    const first = (step % steps) * texts;
    return shuffled.order.subarray(first, Math.min(first + texts, rows));
  };
}

/** 32 bits from several numbers (FNV-1a over their bytes, then a finaliser), so that neighbours share nothing. */
export function mixedSeed(numbers: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const number of numbers) {
    for (const word of [number >>> 0, Math.floor(number / 2 ** 32) >>> 0]) {
      for (let shift = 0; shift < 32; shift += 8)
        hash = Math.imul(hash ^ ((word >>> shift) & 255), 0x01000193);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return hash ^ (hash >>> 15);
}
