/** Parts that nothing can be learned from or measured on are refused with one sentence each. */
import type { Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { expect, it } from 'vitest';
import { pairs, weather } from '../test/tasks.js';
import { checkParts } from './check-parts.js';
import type { PairKind } from './options.js';
import { cutTask, pairOfTasks, type Pair } from './pair.js';

type Rows = readonly [train: number[], dev: number[]];

function cut(original: Rows, shifted: Rows, kind: PairKind = 'length'): Pair {
  const rows = ([train, dev]: Rows) => ({ train: Int32Array.from(train), dev: Int32Array.from(dev) });
  const parts = { original: rows(original), shifted: rows(shifted) };
  return cutTask(weather, kind, parts, { original: 'short', shifted: 'long' });
}

function refusal(pair: Pair, minimumRows: number): string {
  try {
    checkParts(pair, { minimumRows });
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('accepted');
}

const good = () =>
  cut(
    [
      [0, 1, 2],
      [0, 1],
    ],
    [
      [3, 4, 5],
      [2, 3],
    ],
  );

it('accepts parts of the least size with two labels each', () => {
  expect(() => checkParts(good(), { minimumRows: 2 })).not.toThrow();
});

it('refuses too few rows, saying how many there are, how many are needed and what to do', () => {
  expect(refusal(good(), 3)).toBe(
    'the original part short has only 2 dev rows, but 3 are the least; give a task with more rows, or cut it another way (--threshold, --unit), or lower --minimum-rows',
  );
});

it('refuses an empty part whatever the least size', () => {
  expect(
    refusal(
      cut(
        [
          [0, 1, 2, 3, 4, 5],
          [0, 1],
        ],
        [[], [2, 3]],
      ),
      0,
    ),
  ).toMatch(
    /^the shifted part long has no train rows, but 1 is the least; give a task with more rows, or cut it/,
  );
});

it('refuses one label alone in any split of a cut task', () => {
  expect(
    refusal(
      cut(
        [
          [0, 2],
          [0, 1],
        ],
        [
          [3, 4, 5],
          [2, 3],
        ],
      ),
      1,
    ),
  ).toMatch(
    /^the original part short has train rows of the label bright alone, so there is nothing to tell apart; give/,
  );
  expect(
    refusal(
      cut(
        [
          [0, 1],
          [0, 1],
        ],
        [[3, 4, 5], [2]],
        'cluster',
      ),
      1,
    ),
  ).toMatch(
    /^the shifted part long has dev rows of the label dull alone, .*choose other clusters, another k or another seed$/,
  );
});

it('leaves the labels of two whole tasks to their makers, but not empty splits', () => {
  const dull: Task = { ...weather, dev: cut([[0], [1, 2]], [[1], [0]]).original.dev };
  expect(() => checkParts(pairOfTasks(dull, pairs), { minimumRows: 1 })).not.toThrow();
  const empty: Task = { ...weather, dev: cut([[0], []], [[1], [0]]).original.dev };
  expect(refusal(pairOfTasks(pairs, empty), 1)).toBe(
    'the shifted part weather has no dev rows, but 1 is the least; give a task with more rows',
  );
  expect(refusal(pairOfTasks(weather, pairs), 3)).toBe(
    'the shifted part sameness has only 2 dev rows, but 3 are the least; give a task with more rows, or lower --minimum-rows',
  );
});
