/** Refuses what cannot be drawn, before anything is, with a sentence that names chart, series and row. */
import { InputError } from '@layerwise/errors';

/** Numbers in order: an array, typed or not. */
export type Column = ArrayLike<number> & Iterable<number>;

/** Larger numbers would overflow in the arithmetic of scales. */
const largest = 1e100;

/** Whether a value has a place in a picture. */
export function isDrawable(value: number): boolean {
  return Math.abs(value) <= largest;
}

/** InputError where a value is not a finite number, or too large for one. `what` names the column. */
export function checkFinite(chart: string, what: string, values: Column): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!isDrawable(value ?? NaN)) {
      throw new InputError(
        `The chart "${chart}" cannot be drawn: value ${i + 1} of ${what} is ${String(value)}; give finite numbers up to ${largest} only`,
      );
    }
  }
}

/** InputError where a column is not as long as what it belongs to. */
export function checkLength(chart: string, what: string, length: number, wanted: number): void {
  if (length !== wanted) {
    throw new InputError(
      `The chart "${chart}" cannot be drawn: ${what} has ${length} values where ${wanted} are wanted; give one for each`,
    );
  }
}

/** InputError where two names are the same: colours could not tell them apart. */
export function checkNames(chart: string, what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new InputError(
      `The chart "${chart}" cannot be drawn: two ${what} are named "${twice}"; give each a name of its own`,
    );
  }
}

/** Whether there are whole numbers only, such as counts: their axes have ticks at these alone. */
export function allWhole(values: Column): boolean {
  for (const value of values) if (!Number.isInteger(value)) return false;
  return true;
}
