/**
 * The coordinates in which the process sees a place. A float is its coordinate of the unit cube; a whole
 * number the middle of its bin, so that places that run the same way are one place; a choice has no order, so
 * it becomes a corner of a simplex: one coordinate a choice, all choices equally far from one another
 * (Garrido-Merchán and Hernández-Lobato 2020 for both).
 */
import type { Box } from '@layerwise/gaussian-process';
import type { SearchSpace } from '../space/space.js';
import { fromUnit, toUnit } from '../space/unit.js';

/** Corners of the simplex are 1 apart, as the ends of a float's range are. */
const CORNER = Math.SQRT1_2;

export interface Coordinates {
  /** Coordinates of the process: at least as many as parameters. */
  readonly count: number;
  /** [count] of a place of the unit cube [d]. */
  readonly of: (unit: readonly number[]) => Float64Array;
  /** How far a place that `of` gave may move without a jump: each float within [0, 1], nothing else. */
  readonly boxAt: (point: Float64Array) => Box;
  /** [d] of the unit cube. */
  readonly back: (point: Float64Array) => number[];
}

export function coordinatesOf(space: SearchSpace): Coordinates {
  const widths = space.parameters.map((one) => (one.type === 'categorical' ? one.choices.length : 1));
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width, 0));
  const count = widths.reduce((sum, width) => sum + width, 0);
  const boxAt = (point: Float64Array): Box => {
    const [low, high] = [point.slice(), point.slice()];
    space.parameters.forEach(({ type }, i) => {
      if (type !== 'float') return;
      low[starts[i]!] = 0;
      high[starts[i]!] = 1;
    });
    return { low, high };
  };
  const continuous = space.parameters.every(({ type }) => type === 'float');
  if (continuous) return { count, boxAt, of: (unit) => Float64Array.from(unit), back: (point) => [...point] };
  return {
    count,
    boxAt,
    of: (unit) => {
      const middle = toUnit(space, fromUnit(space, unit));
      const point = new Float64Array(count);
      space.parameters.forEach((parameter, i) => {
        const start = starts[i]!;
        if (parameter.type === 'categorical')
          point[start + Math.floor(middle[i]! * parameter.choices.length)] = CORNER;
        // A float keeps what it was: its value and back would round.
        else point[start] = (parameter.type === 'float' ? unit : middle)[i]!;
      });
      return point;
    },
    back: (point) =>
      space.parameters.map((parameter, i) => {
        const start = starts[i]!;
        if (parameter.type !== 'categorical') return point[start]!;
        const corner = point.subarray(start, start + parameter.choices.length).indexOf(CORNER);
        return (corner + 0.5) / parameter.choices.length;
      }),
  };
}
