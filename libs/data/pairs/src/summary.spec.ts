/** The summary of a pair against numbers counted by hand. */
import { describe, expect, it } from 'vitest';
import { splitOf } from '../test/tasks.js';
import { pairOfTasks } from './pair.js';
import { cellOf, summarise } from './summary.js';

// D_o's train has the words: rain(3) fell(1) sun(1) and(1) rose(1); D_s's: sun(2) rose(1) snow(1) fog(1)
// ,(1).
const pair = pairOfTasks(
  {
    name: 'first',
    labels: ['wet', 'dry'],
    train: splitOf(['0 Rain fell', '0 rain and rain', '1 sun', '1 rose']),
    dev: splitOf(['0 rain', '1 sun sun hail']),
  },
  {
    name: 'second',
    labels: ['no', 'yes', 'maybe'],
    train: splitOf(['1 sun rose | Sun', '2 snow , fog | ']),
    dev: splitOf(['0 sun | hail hail', '1 Rain | fell']),
  },
);

describe('a summary', () => {
  const summary = summarise(pair, { train: 2.5, dev: 3 });
  const listAt = <T>({ offsets, values }: { offsets: Int32Array; values: ArrayLike<T> }, row: number): T[] =>
    Array.from(values).slice(offsets[row], offsets[row + 1]);

  it('has a row for each split of each part', () => {
    expect(summary.part).toEqual(['original', 'original', 'shifted', 'shifted']);
    expect(summary.split).toEqual(['train', 'dev', 'train', 'dev']);
    expect(summary.task).toEqual(['first', 'first', 'second', 'second']);
    expect([...summary.rows]).toEqual([4, 2, 2, 2]);
    expect(summary.cut).toEqual([2.5, 3, 2.5, 3]);
    expect(cellOf('shifted', 'train')).toBe(2);
  });

  it('tells the balance of each part under its own labels', () => {
    expect([0, 2].map((row) => listAt(summary.labels, row))).toEqual([
      ['wet', 'dry'],
      ['no', 'yes', 'maybe'],
    ]);
    expect([0, 1, 2, 3].map((row) => listAt(summary.labelRows, row))).toEqual([
      [2, 2],
      [1, 1],
      [0, 1, 1],
      [1, 1, 0],
    ]);
    expect(listAt(summary.labelShares, 2)).toEqual([0, 0.5, 0.5]);
  });

  it('tells lengths of text and pair together', () => {
    // Lengths 2, 3, 1, 1 and 3, 3.
    const [first, second] = [listAt(summary.wordQuantiles, 0), listAt(summary.wordQuantiles, 2)];
    [1, 1, 1, 1.5, 2.25, 2.85, 3].forEach((length, i) => expect(first[i]).toBeCloseTo(length, 12));
    expect(second).toEqual([3, 3, 3, 3, 3, 3, 3]);
  });

  it('tells how much vocabulary is common, and how much of a text D_o has shown', () => {
    expect([...summary.words]).toEqual([7, 4, 6, 5]);
    expect([...summary.vocabulary]).toEqual([5, 3, 5, 4]);
    // train: {sun, rose} of 8 words; dev: {rain, sun, hail} of {rain, sun, hail, fell}.
    expect([...summary.vocabularyOverlap]).toEqual([2 / 8, 3 / 4, 2 / 8, 3 / 4]);
    expect([...summary.knownWords]).toEqual([1, 3 / 4, 3 / 6, 3 / 5]);
  });
});
