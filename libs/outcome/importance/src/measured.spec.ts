/** The best trial as it was measured, by hand. */
import { expect, it } from 'vitest';
import { measuredBest, type ObservedTrials, type Run } from './index.js';
import { observedOf } from '../test/observed-of.js';

const run = (trial: number, reward: number, more: Partial<Run> = {}): Run => ({
  trial,
  repeatOf: null,
  unit: [0.5, 0.5],
  fidelity: 1,
  reward,
  ...more,
});
const of = (...runs: Run[]): ObservedTrials => ({ ...observedOf(2, 1, () => 0), runs });

it('is the highest reward at full fidelity, ties by number', () => {
  const best = measuredBest(of(run(2, 1.5), run(1, 1.5), run(0, 1.9, { fidelity: 0.3 }), run(3, 1.2)))!;
  expect(best).toMatchObject({ trial: 1, reward: 1.5, runs: 1, fresh: null, of: 3 });
  best.values.forEach((rate) => expect(Number(rate) / 1e-5).toBeCloseTo(1, 9));
  expect(measuredBest(of())).toBeNull();
});

it('goes by the mean over fresh seeds once there are any, with an interval over them alone', () => {
  const repeat = (trial: number, repeatOf: number, reward: number): Run => run(trial, reward, { repeatOf });
  const trials = of(
    ...[run(0, 1.9), run(1, 1.7), run(2, 1.8)],
    ...[repeat(3, 1, 1.6), repeat(4, 1, 1.8), repeat(5, 1, 1.7), repeat(6, 2, 1.3)],
  );
  const best = measuredBest(trials)!;
  expect(best).toMatchObject({ trial: 1, runs: 4, of: 3 });
  expect(best.reward).toBeCloseTo(1.7, 12);
  // Deviation 0.1 over three: 2.919986 · 0.1/√3 to either side.
  expect(best.fresh?.mean).toBeCloseTo(1.7, 12);
  expect(best.fresh!.high - 1.7).toBeCloseTo(0.168585, 6);
  expect(1.7 - best.fresh!.low).toBeCloseTo(0.168585, 6);
});

it('counts a repeat that failed as the worst reward of the search', () => {
  const trials = of(run(0, 1.9), run(1, 1.7), run(2, 1.9, { repeatOf: 0 }), run(3, 1.0, { fidelity: 0.3 }));
  const best = measuredBest({ ...trials, lostRepeats: [0] })!;
  expect(best).toMatchObject({ trial: 0, runs: 3 });
  expect(best.reward).toBeCloseTo((1.9 + 1.9 + 1) / 3, 12);
});

it('counts those alone that it is told to', () => {
  const trials = of(run(0, 2, { unit: [0.1, 0.9] }), run(1, 1));
  expect(measuredBest(trials, ([a, b]) => a === b)).toMatchObject({ trial: 1, of: 1 });
});
