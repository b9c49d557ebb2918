/** The y axis of values over orders of magnitude, such as learning rates: base ten, ticks at its powers. */
import { InputError } from '@layerwise/errors';
import { checkFinite, type Column } from './check.js';
import { extentOf, padded, type Extent } from './extent.js';

/** With fewer decades than this there are ticks at 2 and 5 between the powers of ten. */
const manyDecades = 3;

export interface LogAxis {
  readonly domain: [low: number, high: number];
  /** Ascending, within the domain. */
  readonly ticks: readonly number[];
}

/** The axis for all of `columns`, with a margin. The values are above 0 (`checkPositive`). */
export function logAxis(columns: readonly Column[]): LogAxis {
  const exponents = columns.map((column) => Float64Array.from(column, Math.log10));
  const extent: Extent = padded(extentOf(exponents), 0.05);
  const [low, high] = extent;
  const steps = high - low < manyDecades ? [1, 2, 5] : [1];
  const powers = Array.from(
    { length: Math.max(0, Math.floor(high) - Math.floor(low) + 1) },
    (_, i) => Math.floor(low) + i,
  );
  // Through decimals, so that 1e-5 is not 0.000010000000000000001.
  const ticks = powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)));
  const domain: LogAxis['domain'] = [10 ** low, 10 ** high];
  return { domain, ticks: ticks.filter((tick) => tick >= domain[0] && tick <= domain[1]) };
}

/** InputError where a value is not a number above 0. `what` names the column. */
export function checkPositive(chart: string, what: string, values: Column): void {
  checkFinite(chart, what, values);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!(value > 0)) {
      throw new InputError(
        `The chart "${chart}" cannot be drawn: value ${i + 1} of ${what} is ${value}, and a logarithmic axis takes numbers above 0; leave it out`,
      );
    }
  }
}
