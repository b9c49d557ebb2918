/**
 * The perturbation that SMART makes worse before each step (Jiang et al. 2020, algorithm 1): normal noise on
 * a batch's embedding rows, then steps along the gradient of the divergence, as long in each text's largest
 * entry as the step size, cut to a ball.
 *
 *   δ ← clip(δ + η · g / ‖g‖∞, −ε, ε)      ‖·‖∞ over all entries of a text
 */
import type { PackedBatch } from '../forward/packing.js';
import { fillNormal } from '../folders/fill-normal.js';

/** N(0, σ²) for every entry, a function of `key` alone. */
export function normalNoise(length: number, deviation: number, key: readonly [number, number]): Float32Array {
  const noise = new Float32Array(length);
  fillNormal(noise, deviation, key[0] ^ key[1]);
  return noise;
}

export interface Ascent {
  /** η: how far a text's entry with the largest gradient goes. */
  readonly stepSize: number;
  /** ε: the largest entry of a perturbation. */
  readonly radius: number;
}

/** One step, in place; `perturbation` and `gradient` are [tokens, width]. A text without gradient stays. */
export function ascend(
  perturbation: Float32Array,
  gradient: Float32Array,
  { tokens, texts, placeOf }: PackedBatch,
  { stepSize, radius }: Ascent,
): void {
  const width = perturbation.length / tokens;
  const largest = new Float32Array(texts);
  const textOf = (row: number): number => placeOf[row]! % texts;
  for (let row = 0; row < tokens; row++) {
    const text = textOf(row);
    let most = largest[text]!;
    for (let i = row * width; i < (row + 1) * width; i++) most = Math.max(most, Math.abs(gradient[i]!));
    largest[text] = most;
  }
  for (let row = 0; row < tokens; row++) {
    const most = largest[textOf(row)]!;
    const factor = most > 0 ? stepSize / most : 0;
    for (let i = row * width; i < (row + 1) * width; i++) {
      const moved = perturbation[i]! + factor * gradient[i]!;
      perturbation[i] = Math.min(radius, Math.max(-radius, moved));
    }
  }
}
