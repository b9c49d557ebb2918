/** Which checkpoints go, against an order that is worked out by hand. */
import { describe, expect, it } from 'vitest';
import { newTrial } from '../../test/simulated-search.js';
import { smallSettings } from '../../test/small-study.js';
import { checkpointsToDrop } from './checkpoint-budget.js';
import type { StudyState } from '../study/state.js';
import type { Trial } from '../study/trial.js';

/** A paused trial with a checkpoint of 10 bytes, and its rewards at the rungs 1, 3, … */
function paused(number: number, rewards: readonly number[], changes: Partial<Trial> = {}): Trial {
  const fidelity = (i: number): number => 3 ** i;
  const target = fidelity(rewards.length - 1);
  return {
    ...newTrial(number, 0, target),
    state: 'paused',
    measurements: rewards.map((reward, i) => ({
      fidelity: fidelity(i),
      reward,
      measures: {},
      steps: 1,
      seconds: 0,
    })),
    checkpoint: { fidelity: target, bytes: 10 },
    ...changes,
  };
}

const stateOf = (trials: readonly Trial[]): StudyState => ({
  settings: smallSettings(),
  trials,
  memory: null,
  spent: { search: 0, repeats: 0 },
  order: [],
});

/** At rung 1 the order is 3, 0, 2, 4, 1; at rung 3, where rewards are lower, trial 3 is better than 0. */
const five = [
  paused(0, [0.8, 0.1]),
  paused(1, [0.2]),
  paused(2, [0.6]),
  paused(3, [0.9, 0.3]),
  paused(4, [0.4]),
];

describe('within the budget', () => {
  it('nothing is dropped', () => {
    expect(checkpointsToDrop(stateOf(five), 50)).toEqual([]);
  });

  it('the one goes first that has most of its peers before it, whatever rung it is at', () => {
    // Shares of better ones: trial 1 has 4/5, 4 has 3/5, 0 at rung 3 has 1/2, 2 has 2/5, 3 none.
    expect(checkpointsToDrop(stateOf(five), 49)).toEqual([1]);
    expect(checkpointsToDrop(stateOf(five), 20)).toEqual([1, 4, 0]);
    expect(checkpointsToDrop(stateOf(five), 0)).toEqual([1, 4, 0, 2, 3]);
  });

  it('of equals the one at the lower rung goes, then the later one', () => {
    const equal = [paused(0, [0.5, 0.5]), paused(1, [0.5]), paused(2, [0.5])];
    expect(checkpointsToDrop(stateOf(equal), 0)).toEqual([2, 1, 0]);
  });

  it('peers are those of the bracket, also those that went on or ended', () => {
    const others = [paused(5, [0.95], { bracket: 1 }), paused(6, [0.1], { bracket: 1, state: 'running' })];
    // Of bracket 1, trial 5 is the best of two; by rewards alone it would be the best of all, and 3 would go
    // before it.
    expect(checkpointsToDrop(stateOf([...five, ...others]), 10)).toEqual([1, 4, 0, 2, 5]);
  });

  it('a checkpoint that alone is larger goes too, and small ones stay after it', () => {
    const large = [paused(0, [0.9]), paused(1, [0.1], { checkpoint: { fidelity: 1, bytes: 1000 } })];
    expect(checkpointsToDrop(stateOf(large), 10)).toEqual([1]);
  });
});

it('what belongs to a run under way is not counted, and what belongs to a trial that has ended goes', () => {
  const trials = [
    paused(0, [0.9], { state: 'running', target: 3 }),
    paused(1, [0.5], { state: 'waiting', target: 3 }),
    paused(2, [0.4], { state: 'stale', target: 3 }),
    paused(3, [0.3], { state: 'failed', target: 3 }),
    paused(4, [0.2]),
    paused(5, [0.1, 0.1, 0.1], { state: 'complete' }),
    paused(6, [0.1], { checkpoint: null }),
  ];
  expect(checkpointsToDrop(stateOf(trials), 10)).toEqual([3, 5]);
});
