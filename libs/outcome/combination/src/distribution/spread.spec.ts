/** The bootstrap band and leave-one-pair-out: against enumeration and by hand. */
import { expect, it } from 'vitest';
import { layerGrouping } from '@layerwise/optimizers';
import { bootstrapBand, combine, leaveOneOut, weightingOf, type PairTrials } from '../index.js';

const grouping = layerGrouping(0);
const best = weightingOf('best');

/** Trials whose i-th best has rates [10^-(i+3), 1e-5]. */
const pairOf = (pair: string, count: number): PairTrials => ({
  pair,
  file: `${pair}.csv`,
  grouping,
  trials: Array.from({ length: count }, (_, i) => ({
    number: i,
    reward: 2 - i / 10,
    rates: [10 ** -(i + 3), 1e-5],
  })),
});

it('the band is that of the enumerated resamples', () => {
  // The best of three draws out of three is the i-th best with probabilities 19/27, 7/27, 1/27: the 90 % band
  // goes from the second (rates below it have 1/27 < 5 %) to the first.
  const band = bootstrapBand([pairOf('a', 3)], best, { resamples: 4000, seed: 1, level: 0.9 });
  expect(band.low[0]! / 1e-4).toBeCloseTo(1, 9);
  expect(band.high[0]! / 1e-3).toBeCloseTo(1, 9);
  // 1/27 > 2.5 %, so that of 95 % begins at the third.
  const wide = bootstrapBand([pairOf('a', 3)], best, { resamples: 4000, seed: 1, level: 0.95 });
  expect(wide.low[0]! / 1e-5).toBeCloseTo(1, 9);
  // Where all trials agree there is no band.
  expect(band.low[1]! / 1e-5).toBeCloseTo(1, 9);
  expect(band.high[1]! / 1e-5).toBeCloseTo(1, 9);
});

it('the plain mean of n draws has a band of about ±1.645 σ/√n in logarithms', () => {
  const exponents = Array.from({ length: 60 }, (_, i) => -4 - (i % 2));
  const pair = {
    ...pairOf('a', 0),
    trials: exponents.map((e, number) => ({ number, reward: 1, rates: [10 ** e] })),
  };
  const { low, high } = bootstrapBand([pair], weightingOf('rank', { b: 1 }), {
    resamples: 4000,
    seed: 3,
    level: 0.9,
  });
  const half = (1.645 * 0.5) / Math.sqrt(60);
  // Means are multiples of 1/60.
  expect(Math.abs(Math.log10(low[0]!) - (-4.5 - half))).toBeLessThan(0.02);
  expect(Math.abs(Math.log10(high[0]!) - (-4.5 + half))).toBeLessThan(0.02);
});

it('is the same again, another with another seed, and knows no order of files', () => {
  const pairs = [pairOf('a', 8), pairOf('b', 5)];
  const rank = weightingOf('rank');
  const options = { resamples: 200, seed: 1, level: 0.9 };
  const band = bootstrapBand(pairs, rank, options);
  expect(bootstrapBand(pairs, rank, options)).toEqual(band);
  expect(bootstrapBand(pairs, rank, { ...options, seed: 2 }).low[0]).not.toBe(band.low[0]);
  bootstrapBand([...pairs].reverse(), rank, options).low.forEach((rate, i) =>
    expect(rate / band.low[i]!).toBeCloseTo(1, 9),
  );
  const { rates } = combine(pairs, rank);
  expect(band.low[0]).toBeLessThan(rates[0]!);
  expect(band.high[0]).toBeGreaterThan(rates[0]!);
});

it('leaves one pair out, and tells by how much the rates move', () => {
  const one = (pair: string, rate: number): PairTrials => ({
    ...pairOf(pair, 0),
    trials: [{ number: 0, reward: 1, rates: [rate] }],
  });
  const left = leaveOneOut([one('a', 1e-6), one('b', 1e-6), one('c', 1e-3)], best);
  expect(left.map(({ pair }) => pair)).toEqual(['a', 'b', 'c']);
  // All three together: 1e-5.
  expect(left[0]!.rates[0]! / 10 ** -4.5).toBeCloseTo(1, 9);
  expect(left[2]!.rates[0]! / 1e-6).toBeCloseTo(1, 9);
  expect(left[2]!.largestFactor).toBeCloseTo(10, 9);
  expect(left[0]!.largestFactor).toBeCloseTo(10 ** 0.5, 9);
  expect(() => leaveOneOut([one('a', 1)], best)).toThrow('--leave-one-out needs at least two pairs');
});
