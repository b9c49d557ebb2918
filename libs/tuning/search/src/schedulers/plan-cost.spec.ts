import { expect, it } from 'vitest';
import { simulate } from '../../test/simulated-search.js';
import { fullFidelityPlan, hyperbandPlan } from './hyperband.js';
import { describePlan, planCost } from './plan-cost.js';
import { hyperbandScheduler } from './scheduler-hyperband.js';

const plan = hyperbandPlan(9, 3);
/** Two phases of 100 and 50 steps at full fidelity: the first goes on, the second is run anew. */
const twoPhases = (from: number, to: number, full: number): number => (100 * (to - from) + 50 * to) / full;

it('adds up what is worked out by hand', () => {
  // One whole pass: 9, 5 and 3 trials. Bracket 0 pays 9·1 + 3·2 + 1·6 of the first phase's ninths and 9·1 +
  // 3·3 + 1·9 of the second's.
  const { brackets, steps, complete, fullRuns } = planCost(plan, 17, twoPhases);
  const ninths = [21 * 100 + 27 * 50, (5 * 3 + 1 * 6) * 100 + (5 * 3 + 9) * 50, 27 * 150];
  brackets.forEach(({ rungs }, i) =>
    expect(rungs.reduce((sum, rung) => sum + rung.steps, 0)).toBeCloseTo(ninths[i]! / 9, 9),
  );
  expect(steps).toBeCloseTo((ninths[0]! + ninths[1]! + ninths[2]!) / 9, 9);
  expect(complete).toBe(5);
  expect(fullRuns).toBeCloseTo(steps / 150, 12);
});

it.each([1, 4, 17, 30, 50])('is what the scheduler takes for %d trials', (most) => {
  const { trials } = simulate(hyperbandScheduler, {
    plan,
    decisions: 500,
    most,
    reward: (trial) => (trial * 7) % 11,
  });
  const paid = trials.flatMap(({ measurements }) =>
    measurements.map(({ fidelity }, i) => twoPhases(measurements[i - 1]?.fidelity ?? 0, fidelity, 9)),
  );
  const { steps, complete } = planCost(plan, most, twoPhases);
  expect(steps).toBeCloseTo(
    paid.reduce((sum, one) => sum + one, 0),
    9,
  );
  expect(complete).toBe(trials.filter(({ state }) => state === 'complete').length);
});

it('is told in a small table', () => {
  expect(describePlan(plan, 30, (from, to) => 100 * (to - from))).toBe(
    [
      'Plan: 30 trials on the rungs 1, 3, 9 (η = 3)',
      'bracket  passes  trials at rung             steps',
      '      0       2  18 at 1 → 6 at 3 → 2 at 9  4,200',
      '      1       2  9 at 3 → 2 at 9            3,900',
      '      2       1  3 at 9                     2,700',
      'in all 10,800 steps, as much as 12 whole runs; 7 of 30 trials reach 9',
    ].join('\n'),
  );
  expect(describePlan(fullFidelityPlan(1), 1, () => 1234, 'epochs')).toBe(
    [
      'Plan: 1 trial, each at fidelity 1',
      'bracket  passes  trials at rung  epochs',
      '      0       1  1 at 1           1,234',
      'in all 1,234 epochs, as much as 1 whole run; 1 of 1 trials reach 1',
    ].join('\n'),
  );
});
