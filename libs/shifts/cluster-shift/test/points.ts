/**
 * Points made by a formula, spelled out again in tools/reference/kmeans_sklearn.py; the fixture is of the
 * same ones.
 */
import type { Points } from '../src/index.js';

/** Uniform numbers in [0, 1) of the linear congruential generator of Numerical Recipes. */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Row i lies around blob i mod `blobs`: overlapping clouds, so that K-means takes a while. */
export function blobPoints(rows: number, size: number, blobs: number, seed: number): Points {
  const next = uniforms(seed);
  const middles = Float64Array.from({ length: blobs * size }, () => 2 * next());
  const values = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const from = (row % blobs) * size;
    for (let j = 0; j < size; j++) {
      const noise = next() + next() + next() + next() - 2;
      values[row * size + j] = middles[from + j]! + noise;
    }
  }
  return { size, values };
}

/** Every 89th row, k of them: initial centres that need no generator. */
export function spreadRows(k: number, rows: number): Int32Array {
  return Int32Array.from({ length: k }, (_, i) => (i * 89) % rows);
}
