/** How the end of a job becomes that of a run. */
import { expect, it } from 'vitest';
import { runEndOf, type RunEnd } from './objective.js';

const measured = (reward: number): RunEnd => ({ kind: 'measured', reward, measures: { a: 1 }, steps: 3 });

it('a result is the end as the objective tells it, but a reward that is no number is divergence', () => {
  expect(runEndOf({ kind: 'done', result: measured(0.5) })).toEqual(measured(0.5));
  const failed: RunEnd = { kind: 'failed', message: 'exit code 1', steps: 2 };
  expect(runEndOf({ kind: 'done', result: failed })).toEqual(failed);
  for (const reward of [NaN, Infinity, -Infinity])
    expect(runEndOf({ kind: 'done', result: measured(reward) })).toEqual({
      kind: 'diverged',
      message: `the reward is ${reward}`,
      steps: 3,
    });
});

it('what was thrown is a failure, what was stopped will go on, with the steps that were told', () => {
  expect(runEndOf({ kind: 'failed', message: 'out of memory', done: 4 })).toEqual({
    kind: 'failed',
    message: 'out of memory',
    steps: 4,
  });
  expect(runEndOf({ kind: 'stopped', done: 4 })).toEqual({ kind: 'stopped', steps: 4 });
  const reason = 'the disk is full';
  expect(runEndOf({ kind: 'stopped', done: 4, reason })).toEqual({ kind: 'stopped', steps: 4, reason });
});
