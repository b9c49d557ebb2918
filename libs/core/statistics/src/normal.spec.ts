/** Normal draws: where they come from, and their moments. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, it } from 'vitest';
import { meanOf, normalPair, varianceOf } from './index.js';

describe('normal draws', () => {
  it('are radius and angle of two even draws', () => {
    const draws = [1 - Math.exp(-0.5), 0.25];
    const [first, second] = normalPair(() => draws.shift() ?? 0, 3);
    expect(first).toBeCloseTo(0, 12);
    expect(second).toBeCloseTo(3, 12);
  });

  it('have the mean, the deviation and no correlation', () => {
    const generator = mersenne(7);
    const pairs = Array.from({ length: 20_000 }, () => normalPair(() => uniformFloat64(generator), 2));
    for (const side of [0, 1] as const) {
      const draws = pairs.map((pair) => pair[side]);
      expect(Math.abs(meanOf(draws))).toBeLessThan(0.05);
      expect(Math.abs(varianceOf(draws) - 4)).toBeLessThan(0.15);
    }
    expect(Math.abs(meanOf(pairs.map(([one, other]) => one * other)))).toBeLessThan(0.1);
  });

  it('are finite at the ends of the interval', () => {
    expect(normalPair(() => 0).every(Number.isFinite)).toBe(true);
    expect(normalPair(() => 1 - 2 ** -53).every(Number.isFinite)).toBe(true);
  });
});
