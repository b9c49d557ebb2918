/**
 * How long the rest of a preset takes, by the entries that ran so far: those that train are as quick a step
 * as the last ones of their shape were, the others take as long as others did. Without such a ground there is
 * no estimate. Pure functions; `whole.ts` shows it.
 */

/** One entry of a preset. */
export interface EntrySize {
  /**
   * Training steps and what else reads texts, counted in steps one after another; null of a stage without an
   * encoder.
   */
  readonly passes: number | null;
  /** Steps of one shape take as long as each other: encoder, batch, length of texts, threads. */
  readonly shape: string;
}

/**
 * Seconds that entries took, by their place; null where that is no ground: it was up to date, or went on from
 * an earlier call.
 */
export type Taken = readonly (number | null)[];

/**
 * @param sizes of all entries
 * @param taken of the entries that are over
 * @param here seconds that the present entry, the next one, has taken so far
 * @returns seconds, or null where one of the entries left has no ground
 */
export function secondsLeft(sizes: readonly EntrySize[], taken: Taken, here: number): number | null {
  let left = 0;
  for (const [place, size] of sizes.entries()) {
    if (place < taken.length) continue;
    const seconds = secondsOf(size, sizes, taken);
    if (seconds === null) return null;
    left += place === taken.length ? Math.max(0, seconds - here) : seconds;
  }
  return left;
}

function secondsOf({ passes, shape }: EntrySize, sizes: readonly EntrySize[], taken: Taken): number | null {
  let [seconds, units] = [0, 0];
  for (const [place, one] of taken.entries()) {
    const size = sizes[place];
    if (one === null || size?.shape !== shape || (size.passes === null) !== (passes === null)) continue;
    seconds += one;
    units += size.passes ?? 1;
  }
  return units === 0 ? null : (seconds / units) * (passes ?? 1);
}
