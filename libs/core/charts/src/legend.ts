/** Where the legend of a chart stands, and in how many columns its names fit. */
import { legendGap, legendLimit, letters } from './style.js';
import { textWidth } from './text-width.js';

/** A symbol and the gaps beside it, in pixels. */
const symbolRoom = 22;

/** Of a scatter chart: beside it, at most so many names in a column. */
const mostRows = 20;

/** Symbols are shown full where the marks are transparent. */
const encode = { symbols: { update: { fillOpacity: { value: 1 } } } };

/** A row of names above a plot of `width` pixels, in lines if they do not fit; none of a single series. */
export function legendAbove(names: readonly string[], width: number, symbol?: 'square'): object | null {
  if (names.length < 2) return null;
  const columns = columnsIn(names, width);
  return { orient: 'top', symbolSize: 90, columns, encode, ...(symbol && { symbolType: symbol }) };
}

/** A column of names at the right of a plot. */
export function legendBeside(names: readonly string[]): object {
  return { symbolSize: 80, columns: Math.ceil(names.length / mostRows), encode };
}

function columnsIn(names: readonly string[], width: number): number {
  const widths = names.map((name) => Math.min(legendLimit, textWidth(name, letters.small.fontSize)));
  const column = symbolRoom + Math.max(...widths) + legendGap;
  return Math.min(names.length, Math.max(1, Math.floor((width + legendGap) / column)));
}
