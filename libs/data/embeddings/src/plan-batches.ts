/**
 * Which texts go through the encoder together: sorted by length, so that the places of a batch hold tokens
 * and hardly anything else, the longest first, so that memory and time are known from the start.
 */
import type { TokenRows } from '@layerwise/model';

export interface BatchPlan {
  /** Every text once, in the order of work. */
  readonly order: Int32Array;
  /** Batch b is `order` from `starts[b]` to `starts[b + 1]`. */
  readonly starts: readonly number[];
}

/** Batches of at most `batchTokens` places (texts x the longest), or one text; equal lengths keep order. */
export function planBatches({ offsets }: TokenRows, batchTokens: number): BatchPlan {
  const lengths = Int32Array.from(
    { length: offsets.length - 1 },
    (_, text) => offsets[text + 1]! - offsets[text]!,
  );
  const order = Int32Array.from(lengths.keys()).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const starts = [0];
  let longest = 0;
  order.forEach((text, place) => {
    const start = starts.at(-1)!;
    if (place === start) longest = lengths[text]!;
    else if ((place - start + 1) * longest > batchTokens) {
      starts.push(place);
      longest = lengths[text]!;
    }
  });
  if (order.length > 0) starts.push(order.length);
  return { order, starts };
}
