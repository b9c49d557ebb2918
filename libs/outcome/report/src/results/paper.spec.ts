/**
 * The paper's averages, as printed, are the means of its columns: a slip of the pen in one of them would
 * show.
 */
import { describe, expect, it } from 'vitest';
import { sameTask, TABLE_1, TABLE_2, TABLE_3, TABLE_4 } from './paper.js';

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

it('table 1 has six tasks and their mean, which is not the average that the paper prints', () => {
  expect(Object.keys(TABLE_1)).toHaveLength(6);
  expect(mean(Object.values(TABLE_1))).toBeCloseTo(0.853, 6);
});

describe.each([
  ['table 2', TABLE_2, 4],
  ['table 3', TABLE_3, 3],
])('%s', (_, { pairs, methods }, count) => {
  it.each(methods.map((one) => [one.method, one] as const))('%s', (_name, { figures, average }) => {
    expect(figures).toHaveLength(pairs.length);
    for (const which of [0, 1] as const)
      expect(Math.abs(mean(figures.map((two) => two[which])) - average[which])).toBeLessThan(0.0016);
  });

  it('has all its methods', () => {
    expect(methods).toHaveLength(count);
  });
});

it('table 4 has five rows', () => {
  expect(TABLE_4.map(({ figures }) => figures.join(' - '))).toEqual([
    ...['0.931 - 0.933', '0.903 - 0.905', '0.909 - 0.9', '0.845 - 0.888', '0.814 - 0.826'],
  ]);
});

it('knows a task by the name of its folder', () => {
  expect(['SST-2', 'sst2', 'SST2'].map((name) => sameTask(name, 'SST2'))).toEqual([true, true, true]);
  expect(sameTask('QNLI', 'MNLI')).toBe(false);
});
