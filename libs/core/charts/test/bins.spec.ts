/** Bins against edges worked out by hand, and against counting every value by comparison. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { binCounts, binEdges } from '../src/bins.js';

it('whole numbers: edges halfway between, a bin for each while there is room', () => {
  const values = [1, 2, 2, 4];
  const edges = binEdges([values], { most: 10 });
  expect([...edges]).toEqual([0.5, 1.5, 2.5, 3.5, 4.5]);
  expect([...binCounts(values, edges)]).toEqual([1, 2, 0, 1]);
});

it('whole numbers over a wide range: whole widths of 1, 2, 5, 10, ..., equally many numbers in each', () => {
  expect([...binEdges([[0, 19]], { most: 10 })]).toEqual(
    [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20].map((edge) => edge - 0.5),
  );
  expect([...binEdges([[1, 52]], { most: 15 })]).toEqual(
    [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55].map((edge) => edge - 0.5),
  );
});

it('whole numbers: an edge lies at the cut', () => {
  // Width 5 would have edges at 4.5 and 9.5.
  const edges = [...binEdges([[1, 52]], { most: 15, cut: 7.5 })];
  expect(edges.slice(0, 4)).toEqual([-2.5, 2.5, 7.5, 12.5]);
  expect([...binEdges([[1, 52]], { most: 15, cut: 7 })]).toEqual(edges);
});

it('other numbers: edges are multiples of the width, exact to the last decimal', () => {
  const values = [0.1, 0.3, 0.7];
  const edges = binEdges([values], { most: 6 });
  expect([...edges]).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
  // In floating point 3 × 0.1 is greater than 0.3, which would go one bin down.
  expect([...binCounts(values, edges)]).toEqual([1, 0, 1, 0, 0, 0, 1]);
});

it('all series share the bins', () => {
  expect([...binEdges([[0.5], [], [2.5]], { most: 4 })]).toEqual([0.5, 1, 1.5, 2, 2.5, 3]);
});

it('one value, no value, large and tiny values have bins too', () => {
  expect([...binEdges([[7, 7]], { most: 10 })]).toEqual([6.5, 7.5]);
  expect([...binEdges([[]], { most: 10 })]).toEqual([-0.5, 0.5]);
  for (const values of [[3.14], [1e17 + 0.5, 1e17 + 64], [-1e99, 1e99], [5e-324, 1e-310], [-0.2]]) {
    const edges = binEdges([values], { most: 10 });
    expect(edges.length).toBeGreaterThan(1);
    expect(edges.length).toBeLessThan(20);
    expect(binCounts(values, edges).reduce((a, b) => a + b)).toBe(values.length);
  }
});

const numbers = fc.oneof(
  fc.array(fc.integer({ min: -300, max: 3000 })),
  fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true })),
  fc.array(fc.integer({ min: -50, max: 50 }).map((n) => n / 10)),
);

it('every value is counted once, in the bin between whose edges it lies; few more bins than wanted', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 60 }), (values, most) => {
      const edges = binEdges([values], { most });
      edges.forEach((edge, i) => i > 0 && expect(edge).toBeGreaterThan(edges[i - 1]!));
      expect(edges.length - 1).toBeLessThanOrEqual(most + 2);
      const byComparison = Array.from(
        { length: edges.length - 1 },
        (_, i) => values.filter((value) => value >= edges[i]! && value < edges[i + 1]!).length,
      );
      expect([...binCounts(values, edges)]).toEqual(byComparison);
      expect(byComparison.reduce((a, b) => a + b, 0)).toBe(values.length);
    }),
  );
});
