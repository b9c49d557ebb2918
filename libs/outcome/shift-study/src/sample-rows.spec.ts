/** The sample of training rows: its size, its order, and that every row is as likely as another. */
import type { Task } from '@layerwise/artifacts';
import { expect, it } from 'vitest';
import { sampleTrainRows } from './index.js';

const rows = (count: number) => ({
  index: Int32Array.from({ length: count }, (_, row) => 10 + row),
  text: Array.from({ length: count }, (_, row) => `text ${row}`),
  pair: null,
  label: Int32Array.from({ length: count }, (_, row) => (row < count / 2 ? 0 : 1)),
});
const task: Task = { name: 'sorted', labels: ['a', 'b'], train: rows(12), dev: rows(5) };

it('takes so many rows in their order, and all of dev', () => {
  const sample = sampleTrainRows(task, 5, 1);
  const { index, text, label } = sample.train;
  expect(index).toHaveLength(5);
  expect([...index].sort((a, b) => a - b)).toEqual([...index]);
  index.forEach((number, row) => {
    expect(text[row]).toBe(`text ${number - 10}`);
    expect(label[row]).toBe(task.train.label[number - 10]);
  });
  expect(sample.dev).toEqual(task.dev);
  expect(sampleTrainRows(task, 5, 1)).toEqual(sample);
  expect(sampleTrainRows(task, 12, 1)).toBe(task);
});

it('takes every row equally often', () => {
  const taken = new Int32Array(12);
  for (let seed = 0; seed < 3000; seed++)
    for (const number of sampleTrainRows(task, 4, seed).train.index) taken[number - 10]!++;
  // Expected 1000 of 3000 each; the standard deviation of such a count is 26.
  for (const times of taken) expect(Math.abs(times - 1000)).toBeLessThan(130);
});
