/** The benchmark functions at places that are worked out, and how a benchmark counts effort and regret. */
import { samplerNamed, type Sampler } from '@layerwise/search';
import { expect, it } from 'vitest';
import { BENCHMARK_FUNCTIONS } from './benchmark-functions.js';
import { benchmarkFunctionNamed, runBenchmark } from './benchmark-run.js';

/** The best places as they are published (Surjanovic and Bingham). */
const BEST: Readonly<Record<string, readonly number[]>> = {
  branin: [(Math.PI + 5) / 15, 2.275 / 15],
  hartmann6: [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573],
  levy10: Array.from({ length: 10 }, () => 11 / 20),
  rosenbrock10: Array.from({ length: 10 }, () => 6 / 15),
};

it.each(Object.entries(BEST))('%s has its minimum where it should', (name, place) => {
  const { value, minimum, d } = BENCHMARK_FUNCTIONS[name]!;
  expect(place.length).toBe(d);
  expect(Math.abs(value(place, 1) - minimum)).toBeLessThan(1e-8 + 1e-6 * Math.abs(minimum));
  const aside = place.map((u, i) => (i === 1 ? u + 0.05 : u));
  expect(value(aside, 1)).toBeGreaterThan(minimum + 1e-3);
});

it('layered10 at the middle is its terms by hand, and so is what few epochs add', () => {
  // z = 0.5, 0.4, 1, 0.7, 0.5, 0.7, 0.5, 0.4, 0.5, −0.1 and s = −5.
  const layered = 0.02 * 0.331 + 0.0125 * 0.09 + 0.5 / (1 + Math.exp(6)) + (0.01 * 0.96) / 9;
  const middle = Array.from({ length: 10 }, () => 0.5);
  expect(BENCHMARK_FUNCTIONS['layered10']!.value(middle, 1)).toBeCloseTo(layered, 12);
  const curve = BENCHMARK_FUNCTIONS['layered10-curve']!;
  const slow = (epochs: number): number => 0.25 * Math.exp(-0.6 * epochs * 10 ** 0.3);
  expect(curve.value(middle, 3)).toBeCloseTo(layered + slow(3) - slow(9), 12);
  expect(curve.value(middle, 9)).toBeCloseTo(layered, 12);
});

it('counts what going on costs, and regret from full fidelity alone', () => {
  const branin = { ...benchmarkFunctionNamed('branin'), epochs: 9 };
  const options = { scheduler: 'hyperband', eta: 3, seed: 1 };
  const sampler: Sampler = (_, { trial }) => ({ unit: [trial / 40, 0.2], origin: 'random' });
  // Nine trials to 1, three on to 3, one on to 9: 9 + 3·2 + 6 = 21 epochs before anything is whole. The best
  // place wins each time.
  const marks = [20, 21, 69];
  const { regrets, milliseconds } = runBenchmark(branin, {
    ...options,
    sampler,
    marks,
    limit: { epochs: 69 },
  });
  expect(regrets[0]).toBe(Infinity);
  const regretOf = (trial: number): number => branin.value([trial / 40, 0.2], 9) - branin.minimum;
  const best = (from: number, to: number): number =>
    Math.min(...Array.from({ length: to - from }, (_, i) => regretOf(from + i)));
  expect(regrets[1]).toBeCloseTo(best(0, 9), 12);
  // Then five trials to 3, one on to 9, and three to 9.
  expect(regrets[2]).toBeCloseTo(Math.min(best(0, 9), best(9, 14), best(14, 17)), 12);
  expect(milliseconds.length).toBe(17);
});

it('chooses by what it observed, and scores without noise', () => {
  const quiet = benchmarkFunctionNamed('branin');
  const common = {
    scheduler: 'none',
    eta: 3,
    seed: 2,
    limit: { trials: 30 },
    marks: [30],
    sampler: samplerNamed('random'),
  };
  const best = runBenchmark(quiet, common).regrets[0]!;
  const noisy = runBenchmark({ ...quiet, noise: 1000 }, common).regrets[0]!;
  // With such noise the choice is chance's: it is a true regret all the same, never below the best one's.
  expect(noisy).toBeGreaterThan(best);
  expect(noisy).toBeLessThan(400);
});

it('refuses a function that there is not', () => {
  expect(() => benchmarkFunctionNamed('sphere')).toThrow(
    'There is no benchmark function sphere: take branin',
  );
});
