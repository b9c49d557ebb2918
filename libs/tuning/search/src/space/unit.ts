/**
 * Between values and the unit cube, which is all that samplers see. One coordinate a parameter, in the
 * space's order:
 *
 * - a float lies at its share of the range, with `log` of the range of logarithms;
 * - an integer k owns the bin of all reals that round to it, k − ½ to k + ½ (their logarithms with `log`), so
 *   that the ends of the range are as likely as its middle; its own coordinate is the middle of its bin;
 * - the choices of a categorical own bins of equal width, in their order.
 */
import type { FloatParameter, IntegerParameter, Parameter, SearchSpace, Value } from './space.js';

/**
 * @param values [d], in the space
 * @returns [d], each from 0 to 1
 */
export function toUnit(space: SearchSpace, values: readonly Value[]): number[] {
  return space.parameters.map((parameter, i) => {
    const value = values[i];
    if (value === undefined) throw new RangeError(`no value for ${space.names[i] ?? i}`);
    return coordinateOf(parameter, value);
  });
}

/**
 * @param unit [d]; a coordinate outside of 0..1 counts as the nearer end
 * @returns [d], values that lie in the space
 */
export function fromUnit(space: SearchSpace, unit: readonly number[]): Value[] {
  return space.parameters.map((parameter, i) => valueAt(parameter, clip(unit[i] ?? NaN)));
}

function coordinateOf(parameter: Parameter, value: Value): number {
  switch (parameter.type) {
    case 'float':
      return share(parameter, parameter.low, parameter.high, Number(value));
    case 'integer': {
      const k = Number(value);
      const ends = edges(parameter);
      return (share(parameter, ...ends, k - 0.5) + share(parameter, ...ends, k + 0.5)) / 2;
    }
    case 'categorical':
      return (parameter.choices.indexOf(value) + 0.5) / parameter.choices.length;
  }
}

function valueAt(parameter: Parameter, u: number): Value {
  switch (parameter.type) {
    case 'float':
      return clamp(parameter, at(parameter, parameter.low, parameter.high, u));
    case 'integer':
      return clamp(parameter, Math.round(at(parameter, ...edges(parameter), u)));
    case 'categorical': {
      const { choices } = parameter;
      const choice = choices[Math.min(choices.length - 1, Math.floor(u * choices.length))];
      if (choice === undefined) throw new RangeError(`no choice at ${u}`);
      return choice;
    }
  }
}

/** Where the bins of an integer's range begin and end. */
function edges({ low, high }: IntegerParameter): [number, number] {
  return [low - 0.5, high + 0.5];
}

type Numeric = FloatParameter | IntegerParameter;

/** How far from `low` to `high` a value lies, 0..1. */
function share({ log }: Numeric, low: number, high: number, value: number): number {
  const [a, b, x] = log === true ? [Math.log(low), Math.log(high), Math.log(value)] : [low, high, value];
  return clip((x - a) / (b - a));
}

/** The value that lies a share u from `low` to `high`. */
function at({ log }: Numeric, low: number, high: number, u: number): number {
  if (log === true) return Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low)));
  return low + u * (high - low);
}

/** The ends exactly, whatever rounding makes of them. */
function clamp({ low, high }: Numeric, value: number): number {
  return Math.min(high, Math.max(low, value));
}

function clip(u: number): number {
  return Math.min(1, Math.max(0, u));
}
