/** Shares of functions drawn from a process, against the same shares of draws made in another way. */
import { expect, it } from 'vitest';
import { condition, samplePath } from '@layerwise/gaussian-process';
import { InputError } from '@layerwise/errors';
import { randomStream } from '@layerwise/search';
import { drawProcess, intervalOf, sobolIndices } from './index.js';
import { observedOf } from '../test/observed-of.js';

/**
 * By NumPy: the share of the first coordinate alone, of the second with interactions, and the function's
 * deviation.
 */
const GOLDEN = {
  level: -0.21086870553766207,
  first: 0.8888,
  low: 0.758,
  high: 0.9709,
  total: 0.1112,
  deviation: 0.8369,
};

it('mean and interval of the shares are those of exact draws with the same hyperparameters', () => {
  // Six places, made up; NumPy drew 20,000 functions on a grid of 40 × 40 points by a factor of their
  // covariance, and took the variances of row and column means.
  const x = [0.1, 0.3, 0.9, 0.2, 0.4, 0.8, 0.6, 0.5, 0.2, 0.9, 0.8, 0.7];
  const values = Float64Array.of(0.5, -1.2, 0.9, -0.1, 1.3, -1);
  const posterior = condition(
    {
      lengthscales: Float64Array.of(0.5, 1.2),
      signalVariance: 1.1,
      noiseVariance: 0.02,
      error: null,
    },
    { d: 2, n: 6, x: Float64Array.from(x), z: new Float64Array(6).fill(1) },
    values,
  )!;
  const draws = Array.from({ length: 600 }, (_, s) =>
    sobolIndices(samplePath(posterior, values, randomStream(5, s, 'test'), 256), 2, 128, s),
  );
  const alone = intervalOf(draws.map(({ first }) => first[0]!));
  const all = intervalOf(draws.map(({ total }) => total[1]!));
  const deviation = intervalOf(draws.map(({ variance }) => Math.sqrt(variance)));
  expect(posterior.mean).toBeCloseTo(GOLDEN.level, 10);
  // Of 600 draws whose shares deviate by 0.066 each the mean does by 0.003, and their 5 % quantile by some
  // 0.01.
  expect(Math.abs(alone.mean - GOLDEN.first)).toBeLessThan(0.012);
  expect(Math.abs(alone.low - GOLDEN.low)).toBeLessThan(0.04);
  expect(Math.abs(alone.high - GOLDEN.high)).toBeLessThan(0.03);
  expect(Math.abs(all.mean - GOLDEN.total)).toBeLessThan(0.012);
  expect(Math.abs(deviation.mean - GOLDEN.deviation)).toBeLessThan(0.012);
});

it('draws are keyed by the seed, and go through what was seen where it is exact', () => {
  const trials = observedOf(2, 12, ([a = 0, b = 0]) => 1.5 + a + b * b);
  const draw = drawProcess(trials, 20, 1);
  const again = drawProcess(trials, 20, 1);
  const place = Float64Array.of(0.3, 0.6);
  expect(again.paths.map((path) => path(place))).toEqual(draw.paths.map((path) => path(place)));
  expect(drawProcess(trials, 20, 2).paths[0]!(place)).not.toBe(draw.paths[0]!(place));
  const { unit, reward } = trials.runs[4]!;
  expect(intervalOf(draw.paths.map((path) => path(Float64Array.from(unit)))).mean).toBeCloseTo(reward, 1);
});

it('runs that stopped early are told apart from full ones', () => {
  // At a third of the training every reward is 1 lower: a process that knew nothing of fidelities would see a
  // function twice.
  const full = observedOf(2, 16, ([a = 0]) => 1 + a);
  const short = full.runs.map((run) => ({ ...run, fidelity: 1 / 3, reward: run.reward - 1 }));
  const draw = drawProcess({ ...full, runs: [...full.runs, ...short] }, 20, 1);
  const at = (a: number): number => intervalOf(draw.paths.map((path) => path(Float64Array.of(a, 0.5)))).mean;
  expect(Math.abs(at(0.2) - 1.2)).toBeLessThan(0.05);
  expect(Math.abs(at(0.9) - 1.9)).toBeLessThan(0.05);
});

it('refuses too few full runs, and rewards that are all alike', () => {
  const four = observedOf(2, 4, ([a = 0]) => a);
  expect(() => drawProcess(four, 20, 1)).toThrow(InputError);
  expect(() => drawProcess(four, 20, 1)).toThrow('made.arrow has 4 runs at full fidelity');
  expect(() =>
    drawProcess(
      observedOf(2, 8, () => 1),
      20,
      1,
    ),
  ).toThrow('All rewards of made.arrow are 1,');
});
