import { expect, it } from 'vitest';
import { sobolPoints, unscrambledPoints } from './sobol-sequence.js';

/** How many slices of width 1/count the coordinate's points lie in. */
const slices = (points: readonly Float64Array[], j: number): number =>
  new Set(points.map((point) => Math.floor(point[j]! * points.length))).size;

it('starts from the sequence that SciPy computes', () => {
  // scipy.stats.qmc.Sobol(6, scramble=False).random(4)[1:], SciPy 1.17
  const scipy = [
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    [0.75, 0.25, 0.25, 0.25, 0.75, 0.75],
    [0.25, 0.75, 0.75, 0.75, 0.25, 0.25],
  ];
  expect(unscrambledPoints(6, 4)).toEqual([[0, 0, 0, 0, 0, 0], ...scipy]);
});

it('keeps one point in each slice of every coordinate, and one in each cell of the first two', () => {
  for (const seed of [1, 2, 3]) {
    const points = sobolPoints(10, 256, seed);
    for (let j = 0; j < 10; j++) expect(slices(points, j)).toBe(256);
    for (const rows of [2, 16, 64]) {
      const cells = new Set(
        points.map((p) => `${Math.floor(p[0]! * rows)},${Math.floor((p[1]! * 256) / rows)}`),
      );
      expect(cells.size).toBe(256);
    }
  }
});

it('is even over seeds, from the first point on, and has no pattern in its first points', () => {
  const seeds = Array.from({ length: 400 }, (_, seed) => sobolPoints(6, 4, seed));
  const mean = (xs: number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;
  for (let j = 0; j < 6; j++)
    // Four standard errors of a mean of 400 even numbers.
    expect(Math.abs(mean(seeds.map((points) => points[0]![j]!)) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 400));
  // A random shift alone flips the same digits in every point: of the first four points, the two highest
  // digits of the fifth and the sixth coordinate then always differ in the same places. Coins that depend on
  // the first digit agree half of the time.
  const twoDigits = (u: number): number => Math.floor(u * 4);
  const onOneDiagonal = seeds.filter(
    (points) => new Set(points.map((p) => twoDigits(p[4]!) ^ twoDigits(p[5]!))).size === 1,
  );
  expect(Math.abs(onOneDiagonal.length / 400 - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 400));
});

it('depends on the seed alone, and goes on where fewer points end', () => {
  expect(sobolPoints(3, 16, 5).slice(0, 4)).toEqual(sobolPoints(3, 4, 5));
  expect(sobolPoints(3, 4, 5)).not.toEqual(sobolPoints(3, 4, 6));
});

it('integrates far better than random points do', () => {
  // The mean of the product of 2u over the cube is 1; random points err by about 0.05 with 1024 points.
  const points = sobolPoints(5, 1024, 4);
  const mean = points.reduce((sum, p) => sum + p.reduce((product, u) => product * 2 * u, 1), 0) / 1024;
  expect(Math.abs(mean - 1)).toBeLessThan(0.005);
});

it('refuses more points than the generator has', () => {
  expect(() => sobolPoints(1, 2 ** 20 + 1, 1)).toThrow('only 1048576 differ');
});
