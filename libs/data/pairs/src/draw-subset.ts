/** Subsets of rows by lot: which generator and which seed is the caller's affair. */

/** Gives a whole number from 0 to `count` − 1, each as likely. */
export type Draw = (count: number) => number;

/**
 * Writes a subset of 0 … count − 1, ascending, into `subset`; all subsets of its length are as likely.
 * Selection sampling: Knuth, The Art of Computer Programming, volume 2, section 3.4.2, algorithm S. Calls
 * `draw` until the subset is full.
 */
export function drawSubset(draw: Draw, count: number, subset: Int32Array | Uint16Array): void {
  const size = subset.length;
  for (let candidate = 0, chosen = 0; chosen < size; candidate++)
    if (draw(count - candidate) < size - chosen) subset[chosen++] = candidate;
}
