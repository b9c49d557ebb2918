/** Spaces whose points can be counted. */
import { expect, it } from 'vitest';
import { distinctCount, fewPointsCaution, pointCount, untriedFrom } from './points.js';
import { parseSpace } from './parse-space.js';
import type { Value } from './space.js';

const space = parseSpace(
  { n: { type: 'integer', low: -1, high: 1 }, c: { type: 'categorical', choices: ['a', 1, true] } },
  'space.json',
);

it('counts', () => {
  expect(pointCount(space)).toBe(9);
  expect(pointCount(parseSpace({ x: { type: 'float', low: 0, high: 1 } }, 's'))).toBe(Infinity);
  expect(
    distinctCount([
      [1, 'a'],
      [1, 'a'],
      [1, true],
    ]),
  ).toBe(2);
});

it('says when there are fewer than trials', () => {
  expect([null, 8, 9].map((trials) => fewPointsCaution(space, trials))).toEqual([null, null, null]);
  expect(fewPointsCaution(space, 10)).toBe(
    'the space has 9 points, fewer than the 10 trials: it ends when all were tried',
  );
});

it('leaves a point that was not tried as it is, and else comes to every other once', () => {
  expect(untriedFrom(space, [1, true], [[1, 'a']])).toEqual([1, true]);
  const tried: (readonly Value[])[] = [];
  for (let i = 0; i < 9; i++) tried.push(untriedFrom(space, [0, 1], tried));
  expect(tried.slice(0, 3)).toEqual([
    [0, 1],
    [1, 1],
    [-1, true],
  ]);
  expect(distinctCount(tried)).toBe(9);
});
