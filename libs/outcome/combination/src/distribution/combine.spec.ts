/** The combination against the authors' published vector, and against formula (1) by hand. */
import { describe, expect, it } from 'vitest';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { layerGrouping, paperGrouping } from '@layerwise/optimizers';
import {
  combine,
  combineTrials,
  ranked,
  rankWeights,
  readAuthorLog,
  WEIGHTINGS,
  weightingOf,
} from '../index.js';
import { authorLogs, FOUR_PAIRS, PUBLISHED } from '../../test/author-logs.js';

const rank = weightingOf('rank');

describe.skipIf(!existsSync(authorLogs))("the authors' logs", () => {
  const read = () => FOUR_PAIRS.map((pair) => readAuthorLog(join(authorLogs, `${pair}.csv`)));

  it('give the vector that they published, to 0.16 %', () => {
    const { rates, perPair } = combine(read(), rank);
    expect(perPair.map(({ pair }) => pair)).toEqual(FOUR_PAIRS);
    expect(rates).toHaveLength(PUBLISHED.length);
    rates.forEach((rate, i) => expect(Math.abs(rate / PUBLISHED[i]! - 1)).toBeLessThan(0.0016));
  });

  it('would not without the rank weights, with another base, or ranked from the worst', () => {
    const pairs = read();
    const misfit = (rates: readonly number[]): number =>
      Math.max(...rates.map((rate, i) => Math.abs(rate / PUBLISHED[i]! - 1)));
    for (const b of [1, 1.7, 1.9]) {
      expect(misfit(combine(pairs, weightingOf('rank', { b })).rates), `b ${b}`).toBeGreaterThan(0.005);
    }
    for (const name of ['best', 'top', 'softmax'] as const) {
      expect(misfit(combine(pairs, weightingOf(name)).rates), name).toBeGreaterThan(0.005);
    }
    const reversed = pairs.map((pair) => ({
      ...pair,
      trials: pair.trials.map((trial) => ({ ...trial, reward: -trial.reward })),
    }));
    expect(misfit(combine(reversed, rank).rates)).toBeGreaterThan(0.5);
  });
});

const trials = [
  { number: 0, reward: 1.2, rates: [1e-5, 1e-4] },
  { number: 1, reward: 1.5, rates: [1e-3, 1e-4] },
  { number: 2, reward: 1.2, rates: [1e-7, 1e-4] },
];

it('formula (1) by hand: ranks 1, 0, 2, the tie by trial number', () => {
  expect(ranked([...trials].reverse()).map(({ number }) => number)).toEqual([1, 0, 2]);
  // With b = 2: (1·ln 1e-3 + ½·ln 1e-5 + ¼·ln 1e-7) / 1.75, in powers of ten.
  const exponent = (-3 + -5 / 2 + -7 / 4) / 1.75;
  const [first, second] = combineTrials(trials, weightingOf('rank', { b: 2 }));
  expect(first).toBeCloseTo(10 ** exponent, 12);
  expect(second! / 1e-4).toBeCloseTo(1, 12);
});

it('is the plain geometric mean over pairs, whatever their numbers of trials', () => {
  const grouping = layerGrouping(0);
  const pair = (name: string, own: typeof trials) => ({ pair: name, file: name, grouping, trials: own });
  const other = [{ number: 4, reward: 0, rates: [1e-7, 1e-6] }];
  const { rates, perPair } = combine([pair('a', trials), pair('b', other)], weightingOf('best'));
  expect(perPair[1]).toEqual({ pair: 'b', rates: [expect.closeTo(1e-7, 18), expect.closeTo(1e-6, 18)] });
  expect(rates[0]! / 1e-5).toBeCloseTo(1, 12); // √(1e-3 · 1e-7)
  expect(rates[1]! / 1e-5).toBeCloseTo(1, 12); // √(1e-4 · 1e-6)
});

it('ranks from 0 and from 1 weigh alike; base 1 weighs all alike', () => {
  const weights = rankWeights(4, 1.8);
  const fromOne = [1, 2, 3, 4].map((rank) => 1.8 ** -rank);
  const sum = fromOne.reduce((a, b) => a + b);
  fromOne.forEach((weight, i) => expect(weights[i]).toBeCloseTo(weight / sum, 14));
  expect([...rankWeights(4, 1)]).toEqual([0.25, 0.25, 0.25, 0.25]);
});

it('other weightings', () => {
  const best = ranked(trials);
  expect([...weightingOf('best')(best)]).toEqual([1, 0, 0]);
  expect([...weightingOf('top', { top: 2 })(best)]).toEqual([0.5, 0.5, 0]);
  expect([...weightingOf('top')(best)]).toEqual([1 / 3, 1 / 3, 1 / 3]);
  const [a, b, c] = weightingOf('softmax', { temperature: 0.3 })(best);
  expect(a! / b!).toBeCloseTo(Math.E, 10);
  expect(b).toBe(c);
  // Rewards of any size do not overflow.
  const large = best.map((trial) => ({ ...trial, reward: trial.reward * 1e6 }));
  expect([...weightingOf('softmax')(large)]).toEqual([1, 0, 0]);
  for (const name of Object.keys(WEIGHTINGS) as (keyof typeof WEIGHTINGS)[]) {
    expect(weightingOf(name)(best).reduce((total, weight) => total + weight)).toBeCloseTo(1, 14);
  }
});

describe('refuses, in one sentence,', () => {
  const numbers = { number: 0, reward: 1, rates: [1e-5] };
  const pair = (name: string, file: string, layers: number) => ({
    pair: name,
    file,
    trials: [numbers],
    grouping: paperGrouping(layers),
  });
  it.each<[string, () => unknown, string]>([
    ['no pair', () => combine([], rank), 'There is nothing to combine'],
    [
      'the same pair twice',
      () => combine([pair('a', 'x/a.csv', 12), pair('a', 'y/a.csv', 12)], rank),
      'x/a.csv and y/a.csv are both of the pair a',
    ],
    [
      'two groupings',
      () => combine([pair('a', 'a.arrow', 12), pair('b', 'b.arrow', 4)], rank),
      'a.arrow and b.arrow: Rates of two different groupings cannot be mixed',
    ],
    ['a base below 1', () => rankWeights(3, 0.5), '--b must be a number of at least 1, not 0.5'],
    ['a base that is no number', () => rankWeights(3, NaN), 'not NaN'],
    ['no top', () => weightingOf('top', { top: 0 }), '--top must be a whole number of at least 1'],
    ['no temperature', () => weightingOf('softmax', { temperature: 0 }), '--temperature must be'],
    [
      'a number of another weighting',
      () => weightingOf('best', { b: 2 }),
      '--b does not belong to --weights best',
    ],
  ])('%s', (_, act, sentence) => {
    expect(act).toThrow(InputError);
    expect(act).toThrow(sentence);
  });
});
