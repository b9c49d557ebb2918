/** The range of an axis: that of the values, with a margin, and never empty. */
import type { Column } from './check.js';

export type Extent = readonly [low: number, high: number];

/** Least and greatest of all values; [0, 0] of none. */
export function extentOf(columns: readonly Column[]): Extent {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (const value of column) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : [0, 0];
}

/** The extent with `share` of itself added at both ends; one value gets a range around it. */
export function padded([low, high]: Extent, share: number): [number, number] {
  const span = high - low;
  const tiny = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const margin = span > tiny ? span * share : Math.max(Math.abs(low) / 10, 0.5);
  return [low - margin, high + margin];
}

/** Both extents widened around their middles to the span of the larger: one unit is as long on both axes. */
export function sameSpan(a: Extent, b: Extent): [Extent, Extent] {
  const half = Math.max(a[1] - a[0], b[1] - b[0]) / 2;
  const widened = ([low, high]: Extent): Extent => [(low + high) / 2 - half, (low + high) / 2 + half];
  return [widened(a), widened(b)];
}
