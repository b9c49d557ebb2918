/** Several starts find the minimum that one misses; the numbers are sums by hand. */
import { describe, expect, it } from 'vitest';
import { bestOfStarts, drawStarts } from './best-of-starts.js';
import { sizesOf } from './clustering.js';
import { initialRows, INITIALIZATIONS } from './initial-centres.js';

/**
 * 50 rows at 0, 50 at 1 and one at 4. Two minima: the one row apart from all others, with 100 · ½², or the
 * rows at 0 apart from those at 1 and 4, whose mean is 54/51.
 */
const points = { size: 1, values: Float32Array.from({ length: 101 }, (_, i) => (i < 100 ? i % 2 : 4)) };
const POOR = 100 * 0.5 ** 2;
const BEST = 50 * (1 - 54 / 51) ** 2 + (4 - 54 / 51) ** 2;
const OPTIONS = { method: 'fast', maxIterations: 100 } as const;

const run = (seed: number, starts: number) =>
  bestOfStarts(points, drawStarts(points, 2, { initialization: 'kmeans++', seed, starts }), OPTIONS);

describe('the best of several starts', () => {
  it('is the least minimum for every seed, where one start comes to a poor one for some', async () => {
    const single: number[] = [];
    for (let seed = 0; seed < 20; seed++) {
      single.push((await run(seed, 1)).inertias[0]!);
      const { clustering, inertias } = await run(seed, 10);
      expect(inertias).toHaveLength(10);
      expect(inertias[0]).toBe(single[seed]);
      expect(Math.min(...inertias)).toBeCloseTo(BEST, 9);
      expect([...sizesOf(clustering.assignment, 2)].sort()).toEqual([50, 51]);
    }
    expect(Math.max(...single)).toBeCloseTo(POOR, 9);
  });

  it('keeps the first of equal ones', async () => {
    const rows = Int32Array.of(0, 1);
    const [first, swapped] = [
      await bestOfStarts(points, [rows], OPTIONS),
      await bestOfStarts(points, [rows, rows.toReversed()], OPTIONS),
    ];
    expect(swapped.clustering).toEqual(first.clustering);
    expect(swapped.inertias).toEqual([first.inertias[0], first.inertias[0]]);
  });
});

it.each(INITIALIZATIONS)('starts by %s begin with that of the seed, and differ', (initialization) => {
  const starts = drawStarts(points, 2, { initialization, seed: 7, starts: 20 });
  expect(starts[0]).toEqual(initialRows(points, 2, initialization, 7));
  expect(new Set(starts.map((rows) => rows.join())).size).toBeGreaterThan(5);
  expect(drawStarts(points, 9, { initialization, seed: 7, starts: 3 }).map(({ length }) => length)).toEqual([
    3, 3, 3,
  ]);
});
