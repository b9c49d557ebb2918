/**
 * The bins of a histogram, shared by its series. Widths are 1, 2 or 5 times a power of ten; edges are
 * multiples of the width, exact to the last decimal. Whole numbers get bins of whole width whose edges lie
 * halfway between two of them, so that every bin holds equally many and a bar stands above its number.
 */
import { allWhole, type Column } from './check.js';
import { extentOf } from './extent.js';

export interface BinOptions {
  /** At most so many bins (one more where edges do not fit). */
  readonly most: number;
  /** For whole numbers: an edge lies at this cut or at the next half above its floor. */
  readonly cut?: number;
}

/** The edges of the bins, ascending; bin i holds `edges[i] <= value < edges[i + 1]`, and all values fit. */
export function binEdges(columns: readonly Column[], { most, cut }: BinOptions): Float64Array {
  const [low, high] = extentOf(columns);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const whole = largest < 1e9 && columns.every(allWhole);
  if (whole) {
    const width = Math.max(1, edgeAt(1, niceWidth((high - low + 1) / most)));
    const origin = cut === undefined ? 0 : Math.floor(cut) + 1;
    const first = Math.floor((low - origin) / width);
    const last = Math.floor((high - origin) / width);
    return Float64Array.from({ length: last - first + 2 }, (_, i) => origin + (first + i) * width - 0.5);
  }
  // One value gets a bin of a tenth of its size; a width below the precision of the numbers would not move an
  // edge.
  const span = high - low;
  const width = niceWidth(Math.max(span > 0 ? span / most : largest / 10, largest * 1e-12, 1e-100));
  const first = stepsTo(low, width);
  const last = stepsTo(high, width);
  return Float64Array.from({ length: last - first + 2 }, (_, i) => edgeAt(first + i, width));
}

/** How many of `values` lie in each bin. O(values), one division each. */
export function binCounts(values: Column, edges: Float64Array): Uint32Array {
  const bins = edges.length - 1;
  const counts = new Uint32Array(bins);
  const start = edges[0]!;
  const perUnit = bins / ((edges[bins] ?? 1) - start);
  for (const value of values) {
    let bin = Math.min(bins - 1, Math.max(0, Math.floor((value - start) * perUnit)));
    // The product is rounded: the edges themselves decide.
    while (bin > 0 && value < edges[bin]!) bin--;
    while (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}

/** A width as mantissa × 10^exponent. */
interface Width {
  readonly mantissa: number;
  readonly exponent: number;
}

/** The least of 1, 2, 5 × 10^n that is at least `raw`. */
function niceWidth(raw: number): Width {
  const exponent = Math.floor(Math.log10(raw));
  const wanted = raw / 10 ** exponent;
  const mantissa = [1, 2, 5].find((step) => wanted <= step * (1 + 1e-12));
  return mantissa === undefined ? { mantissa: 1, exponent: exponent + 1 } : { mantissa, exponent };
}

/** Dividing by a power of ten rounds once: 3 × 0.1 is 0.3, not 0.30000000000000004. */
function edgeAt(step: number, { mantissa, exponent }: Width): number {
  return exponent < 0 ? (step * mantissa) / 10 ** -exponent : step * mantissa * 10 ** exponent;
}

/** The number of the last edge that is not above `value`. */
function stepsTo(value: number, width: Width): number {
  let step = Math.floor(value / edgeAt(1, width));
  if (edgeAt(step, width) > value) step--;
  if (edgeAt(step + 1, width) <= value) step++;
  return step;
}
