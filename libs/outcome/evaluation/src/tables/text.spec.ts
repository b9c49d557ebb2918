/** The tables in the paper's form, from made-up results. */
import { expect, it } from 'vitest';
import { pairOf, result } from '../../test/results.js';
import { evaluationText } from '../index.js';
import { evaluationOf } from '../measures/evaluation.js';

const right = (count: number): number[] => Array.from({ length: 10 }, (_, row) => (row < count ? 1 : 0));
const [seen, unseen] = [pairOf('A', 'B', 10), pairOf('B', 'C', 10)];

function text(searchedPairs: readonly string[]): string {
  const results = [seen, unseen].flatMap(({ name }, pair) =>
    [1, 2].flatMap((seed) => [
      result('flat', name, seed, { original: right(4 + seed), shifted: right(8), before: right(9) }),
      result('combined', name, seed, { original: right(7), shifted: right(6 + pair), before: right(8) }),
      result('single', name, seed, { original: right(9 - pair), shifted: right(8 - pair) }),
    ]),
  );
  const plan = {
    methods: ['flat', 'combined', 'single'],
    pairs: [seen, unseen],
    seeds: [1, 2],
    searchedPairs,
  };
  return evaluationText(evaluationOf(plan, results, { resamples: 200, seed: 1 }));
}

it('tables 1, 2 and 3 hold p_o - p_s of searched and unseen pairs, with averages', () => {
  const table = (title: string): string[] => {
    const lines = text([seen.name]).split('\n');
    const start = lines.findIndex((line) => line.startsWith(title));
    return lines.slice(start + 1, lines.indexOf('', start)).map((line) => line.replace(/ {2,}/g, ' | '));
  };
  // B was trained alone in both pairs, as D_s and as D_o.
  expect(table('Table 1')).toEqual([
    'method | A | B | C | average',
    'single | 0.900 | 0.800 | 0.700 | 0.800',
  ]);
  expect(table('Table 2')).toEqual([
    'method | A → B | average',
    'flat (BERT base) | 0.550 - 0.800 | 0.550 - 0.800',
    'combined (BERTcL combined) | 0.700 - 0.600 | 0.700 - 0.600',
    'single | 0.900 - 0.800 | 0.900 - 0.800',
  ]);
  expect(table('Table 3')[2]).toBe('combined (BERTcL combined) | 0.700 - 0.700 | 0.700 - 0.700');
  // t(0.975, 1) = 12.706 times the standard error 0.05.
  expect(table('All measures')[1]).toContain('| 0.550 ± 0.635 |');
  // D_s alone has 0.8, flat 0.8 and combined 0.6.
  expect(table('All measures')[1]).toMatch(/\| 0\.000 ± 0\.000$/);
  expect(table('All measures')[2]).toMatch(/\| \+0\.200 ± 0\.000$/);
});

it('says why a figure is missing, and has one table where nothing was searched', () => {
  const whole = text([]);
  expect(whole).not.toContain('Table 3');
  expect(whole).toContain('single, forgetting: there is none');
  expect(whole).toContain('A → B: combined − flat on p_o: +0.150 (');
  expect(whole).toContain('p_s: no ranking, because a ranking needs at least 8 pairs, and there are 2.');
});
