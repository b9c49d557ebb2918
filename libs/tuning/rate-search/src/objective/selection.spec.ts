/**
 * Rows that choose between trials: none is trained on, none is of the dev split, and the seed decides which
 * they are.
 */
import type { Split, Task } from '@layerwise/artifacts';
import { describe, expect, it } from 'vitest';
import { searchTask, trainedRows } from './selection.js';

function split(name: string, rows: number): Split {
  return {
    index: Int32Array.from({ length: rows }, (_, row) => row),
    text: Array.from({ length: rows }, (_, row) => `${name} ${row}`),
    pair: null,
    label: Int32Array.from({ length: rows }, (_, row) => row % 2),
  };
}

const task = (rows: number): Task => {
  return { name: 'task', labels: ['a', 'b'], train: split('train', rows), dev: split('dev', 20) };
};

const indices = ({ index }: Split): number[] => Array.from(index);

describe('held out', () => {
  it('are rows beyond the limit, at most so many', () => {
    const whole = task(2000);
    const found = searchTask(whole, {
      trainLimit: 500,
      heldOut: 300,
      protocol: 'held-out',
      phase: 'original',
      seed: 1,
    });
    expect(indices(found.task.train)).toEqual(indices(whole.train).slice(0, 500));
    expect(found.task.dev.label).toHaveLength(300);
    expect(Math.min(...found.task.dev.index)).toBeGreaterThanOrEqual(500);
    expect(new Set(found.task.dev.index).size).toBe(300);
    // By lot: not the first ones.
    expect(Math.max(...found.task.dev.index)).toBeGreaterThan(1500);
    expect(found.task.dev.text[7]).toBe(`train ${String(found.task.dev.index[7])}`);
    expect(found.task.dev.label[7]).toBe(found.task.dev.index[7]! % 2);
    expect(found.report).toBe(whole.dev);
  });

  it.each([
    ['without a limit', 200, null, 20],
    ['where fewer than a tenth lie beyond it', 205, 200, 20],
  ])('are a tenth taken out of training %s', (_, rows, limit, tenth) => {
    const found = searchTask(task(rows), {
      trainLimit: limit,
      heldOut: 1000,
      protocol: 'held-out',
      phase: 'original',
      seed: 1,
    });
    expect(found.task.dev.label).toHaveLength(tenth);
    const all = [...indices(found.task.train), ...indices(found.task.dev)].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: limit ?? rows }, (_, row) => row));
  });

  it('are others for another seed or task, and the same for the same', () => {
    const chosen = (phase: 'original' | 'shifted', seed: number) =>
      indices(
        searchTask(task(2000), { trainLimit: 500, heldOut: 300, protocol: 'held-out', phase, seed }).task.dev,
      );
    expect(chosen('original', 1)).toEqual(chosen('original', 1));
    expect(chosen('original', 2)).not.toEqual(chosen('original', 1));
    expect(chosen('shifted', 1)).not.toEqual(chosen('original', 1));
  });

  it('cannot be had of a handful of rows', () => {
    expect(() =>
      searchTask(task(4), {
        trainLimit: null,
        heldOut: 1000,
        protocol: 'held-out',
        phase: 'original',
        seed: 1,
      }),
    ).toThrow('too few to hold a tenth');
  });
});

it('the paper’s protocol chooses on the dev split and has nothing else to report', () => {
  const whole = task(200);
  const found = searchTask(whole, {
    trainLimit: 100,
    heldOut: 1000,
    protocol: 'paper',
    phase: 'original',
    seed: 1,
  });
  expect(found.task.dev).toBe(whole.dev);
  expect(indices(found.task.train)).toEqual(indices(whole.train).slice(0, 100));
  expect(found.report).toBeNull();
  expect(found.chosenOn).toContain('dev split');
});

it.each([
  [2000, 500, 'held-out'],
  [205, 200, 'held-out'],
  [200, null, 'held-out'],
  [200, 150, 'paper'],
] as const)(
  'the count of trained rows is that of the task: %s rows, limit %s, %s',
  (rows, limit, protocol) => {
    const { train } = searchTask(task(rows), {
      trainLimit: limit,
      heldOut: 100,
      protocol,
      phase: 'original',
      seed: 1,
    }).task;
    expect(trainedRows(rows, limit, protocol)).toBe(train.label.length);
  },
);
