/** How many points a space has, and which of them were not tried yet: a search of few ends with the last. */
import type { Parameter, SearchSpace, Value } from './space.js';

/** Infinite where a parameter is a float. */
export function pointCount({ parameters }: SearchSpace): number {
  return parameters.reduce((product, parameter) => product * valueCount(parameter), 1);
}

/** What to say of a search of more trials than its space has points; null where there are enough. */
export function fewPointsCaution(space: SearchSpace, trials: number | null): string | null {
  const points = pointCount(space);
  return points >= (trials ?? 0)
    ? null
    : `the space has ${points} points, fewer than the ${trials} trials: it ends when all were tried`;
}

/** Different points among these. */
export function distinctCount(points: readonly (readonly Value[])[]): number {
  return new Set(points.map(keyOf)).size;
}

/**
 * The point itself where it was not tried, else the next one that was not, counting up from it: the first
 * parameter moves fastest, and the last point is followed by the first.
 * @param space with fewer points tried than it has
 */
export function untriedFrom(
  { parameters }: SearchSpace,
  point: readonly Value[],
  tried: readonly (readonly Value[])[],
): readonly Value[] {
  const known = new Set(tried.map(keyOf));
  let next = point;
  while (known.has(keyOf(next))) next = successor(parameters, next);
  return next;
}

function successor(parameters: readonly Parameter[], point: readonly Value[]): Value[] {
  const next = [...point];
  for (const [i, parameter] of parameters.entries()) {
    const place = placeOf(parameter, point[i]!) + 1;
    next[i] = valueAt(parameter, place % valueCount(parameter));
    if (place < valueCount(parameter)) break;
  }
  return next;
}

const keyOf = (point: readonly Value[]): string => JSON.stringify(point);

function valueCount(parameter: Parameter): number {
  if (parameter.type === 'float') return Infinity;
  return parameter.type === 'integer' ? parameter.high - parameter.low + 1 : parameter.choices.length;
}

/** From 0; floats are not counted. */
function placeOf(parameter: Parameter, value: Value): number {
  if (parameter.type === 'categorical') return parameter.choices.indexOf(value);
  return Number(value) - parameter.low;
}

function valueAt(parameter: Parameter, place: number): Value {
  return parameter.type === 'categorical' ? parameter.choices[place]! : parameter.low + place;
}
