/** Comparisons of made-up answers, where the figures are known by hand. */
import { expect, it } from 'vitest';
import { pairOf, result } from '../../test/results.js';
import { compareMethods, type Comparison } from './compare.js';

const PAIR = pairOf('a', 'b');
const OPTIONS = { resamples: 4000, seed: 3 };
const ones = (count: number, rows: number): number[] =>
  Array.from({ length: rows }, (_, row) => (row < count ? 1 : 0));

function compare(results: readonly ReturnType<typeof result>[], methods = ['flat', 'other']): Comparison[] {
  const plan = { methods, pairs: [PAIR], seeds: [1, 2], searchedPairs: [] };
  return compareMethods(plan, results, OPTIONS);
}

it('one seed: the mean difference, a bootstrap as wide as the normal interval, the exact McNemar p', () => {
  // Of 200 rows flat is right in the first 120; the other in these but for 12, and in 40 more.
  const flat = ones(120, 200);
  const other = flat.map((right, row) => (row < 12 ? 0 : row >= 120 && row < 160 ? 1 : right));
  const [original, shifted, reward] = compare([
    result('flat', PAIR.name, 1, { original: flat, shifted: flat }),
    result('other', PAIR.name, 1, { original: other, shifted: flat }),
  ]);
  const difference = (40 - 12) / 200;
  expect(original).toMatchObject({ method: 'other', against: 'flat', rows: 200, seeds: 1, reason: null });
  expect(original?.difference).toBeCloseTo(difference, 12);
  // Differences of rows are −1, 0 and 1.
  const deviation = Math.sqrt((52 / 200 - difference ** 2) / 200);
  expect(original!.low).toBeCloseTo(difference - 1.96 * deviation, 2);
  expect(original!.high).toBeCloseTo(difference + 1.96 * deviation, 2);
  // scipy.stats.binomtest(12, 52, 0.5).pvalue
  expect(original?.mcnemar).toBeCloseTo(0.0001275387838557407, 9);
  expect(shifted).toMatchObject({ difference: 0, low: 0, high: 0, mcnemar: 1 });
  expect(reward).toMatchObject({ rows: 400, mcnemar: null });
  expect(reward?.difference).toBeCloseTo(difference, 12);
  expect(reward!.low).toBeCloseTo(original!.low!, 12);
});

it('seeds are drawn too: where they disagree the interval knows it', () => {
  // All rows alike, so that rows alone would give no interval: seed 1 gains everything, seed 2 nothing.
  const [none, all] = [ones(0, 50), ones(50, 50)];
  const results = [1, 2].flatMap((seed) => [
    result('flat', PAIR.name, seed, { original: none, shifted: none }),
    result('other', PAIR.name, seed, { original: seed === 1 ? all : none, shifted: none }),
  ]);
  expect(compare(results)[0]).toMatchObject({ difference: 0.5, low: 0, high: 1, seeds: 2 });
});

it('pairs runs of the same seed, whatever their order, and leaves out seeds that one lacks', () => {
  const rights = (seed: number) => ({ original: ones(10 * seed, 50), shifted: ones(5, 50) });
  const results = [
    ...[3, 2].map((seed) => result('flat', PAIR.name, seed, rights(seed))),
    ...[2, 3, 4].map((seed) => result('other', PAIR.name, seed, rights(seed))),
  ];
  expect(compare(results)[0]).toMatchObject({ difference: 0, low: 0, high: 0, seeds: 2, mcnemar: 1 });
});

it('says why there is nothing to compare', () => {
  const [only] = compare([result('flat', PAIR.name, 1, { original: [1], shifted: [1] })]);
  expect(only).toMatchObject({ difference: null, low: null, mcnemar: null, seeds: 0 });
  expect(only?.reason).toMatch(/no seed .* in common/);
});
