/**
 * Where a split is cut into a shorter and a longer part, from its rows' lengths alone.
 *
 * Notation: n rows with lengths l₀ … lₙ₋₁; s their lengths in ascending order.
 */

/** A split in two. */
export interface Cut {
  /** The shorter rows: positions in the split, ascending, so that a part keeps the order of its source. */
  readonly original: Int32Array;
  /** The longer rows, likewise. */
  readonly shifted: Int32Array;
  /** Rows below it are in `original`, rows above in `shifted`, rows of just this length in both. */
  readonly at: number;
}

/**
 * The halves of a split at its own median: of the rows ordered by (length, position) the first ⌈n / 2⌉ are
 * the shorter part. Sizes differ by one row at most; rows of the median length may be in both parts, the
 * earlier ones in the shorter.
 */
export function cutAtMedian(lengths: Int32Array): Cut {
  const sorted = lengths.slice().sort();
  const half = Math.ceil(sorted.length / 2);
  const median = sorted[half - 1]!;
  let tiesLeft = half - sorted.indexOf(median); // less the rows that are shorter
  const { original, shifted } = divide(
    lengths,
    (length) => length < median || (length === median && tiesLeft-- > 0),
  );
  return { original, shifted, at: (median + (sorted[half] ?? median)) / 2 };
}

/**
 * The longest length of the shorter part when equal lengths stay together: the one that makes the parts'
 * sizes as even as can be, the shorter part the larger one of two that are equally even. Undefined where all
 * rows have one length.
 */
export function evenThreshold(lengths: Int32Array): number | undefined {
  const sorted = lengths.slice().sort();
  let best: { readonly threshold: number; readonly unevenness: number } | undefined;
  for (let size = 1; size < sorted.length; size++) {
    const threshold = sorted[size - 1]!;
    if (threshold === sorted[size]) continue;
    const unevenness = Math.abs(2 * size - sorted.length);
    if (best === undefined || unevenness <= best.unevenness) best = { threshold, unevenness };
  }
  return best?.threshold;
}

/** Rows up to a length, and the longer ones. */
export function cutAbove(lengths: Int32Array, threshold: number): Cut {
  return { ...divide(lengths, (length) => length <= threshold), at: threshold + 0.5 };
}

/** Asks once for each row, in order, whether it is in the shorter part. */
function divide(lengths: Int32Array, isShorter: (length: number) => boolean): Omit<Cut, 'at'> {
  const [original, shifted] = [new Int32Array(lengths.length), new Int32Array(lengths.length)];
  let [shorter, longer] = [0, 0];
  for (let row = 0; row < lengths.length; row++) {
    if (isShorter(lengths[row]!)) original[shorter++] = row;
    else shifted[longer++] = row;
  }
  return { original: original.slice(0, shorter), shifted: shifted.slice(0, longer) };
}
