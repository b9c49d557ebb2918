/**
 * Ranks over pairs; the numbers of the tests themselves are compared with SciPy in `@layerwise/statistics`.
 */
import { expect, it } from 'vitest';
import { pairOf, result } from '../../test/results.js';
import { comparisonInWords } from '../index.js';
import { type Comparison } from './compare.js';
import { rankMethods } from './rank.js';
import { summarise } from './summary.js';
import { rankingInWords, verdictOf } from '../tables/wording.js';
import { measuresOf } from './measures.js';

const METHODS = ['flat', 'best', 'worst'];

function ranking(pairs: number) {
  const all = Array.from({ length: pairs }, (_, i) => pairOf(`a${i}`, `b${i}`));
  // Best is ahead everywhere, worst is behind but for the first pair.
  const rightOf = (method: string, pair: number): number =>
    method === 'best' ? 9 : method === 'flat' ? 5 : pair === 0 ? 6 : 3;
  const runs = all.flatMap(({ name }, pair) =>
    METHODS.map((method) => {
      const right = Array.from({ length: 10 }, (_, row) => (row < rightOf(method, pair) ? 1 : 0));
      const one = result(method, name, 1, { original: right, shifted: right });
      return { ...one, measures: measuresOf(one.accuracies, { reason: 'none' }) };
    }),
  );
  const plan = { methods: METHODS, pairs: all, seeds: [1], searchedPairs: [] };
  return rankMethods(plan, summarise(plan, runs), 'accuracy_original');
}

it('over eight pairs: mean ranks, the best first, p and the critical difference', () => {
  const found = ranking(8);
  expect(found.ranks).toEqual([
    { method: 'best', meanRank: 1 },
    { method: 'flat', meanRank: 2.125 },
    { method: 'worst', meanRank: 2.875 },
  ]);
  // q 2.3437 √(3·4 / 6·8) (Demšar 2006).
  expect(found.criticalDifference).toBeCloseTo(1.172, 3);
  // χ² = 14.25, so that F = 7·14.25 / (16 − 14.25) = 57 with 2 and 14 degrees; scipy.stats.f.sf(57, 2, 14).
  expect(found.p).toBeCloseTo(1.87252e-7, 11);
  expect(rankingInWords(found)).toBe(
    'p_o over 8 pairs: best 1.00, flat 2.13, worst 2.88; critical difference 1.17, Friedman p < 0.001.',
  );
});

it('below eight pairs there is none, and it says so', () => {
  const found = ranking(7);
  expect(found).toMatchObject({ ranks: [], p: null, criticalDifference: null });
  expect(rankingInWords(found)).toBe(
    'p_o: no ranking, because a ranking needs at least 8 pairs, and there are 7.',
  );
});

it('"better" is said where the interval leaves 0 out, and nowhere else', () => {
  const comparison = {
    pair: 'a → b',
    method: 'distribution',
    against: 'flat',
    measure: 'accuracy_original',
    difference: 0.012,
    mcnemar: 0.03,
    rows: 100,
    seeds: 3,
    reason: null,
  } as const satisfies Omit<Comparison, 'low' | 'high'>;
  expect(comparisonInWords({ ...comparison, low: 0.001, high: 0.024 })).toBe(
    'distribution − flat on p_o: +0.012 (+0.001 … +0.024; 3 seeds), McNemar p = 0.030: better',
  );
  expect(verdictOf({ low: -0.001, high: 0.024 })).toBe('not told apart');
  expect(verdictOf({ low: 0, high: 0.024 })).toBe('not told apart');
  expect(verdictOf({ low: -0.2, high: -0.01 })).toBe('worse');
  expect(verdictOf({ low: null, high: null })).toBe('not told apart');
});
