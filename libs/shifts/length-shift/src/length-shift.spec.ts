/** A task in two: what the cut of its splits makes of it, and tasks that cannot be cut. */
import { InputError } from '@layerwise/errors';
import { wordLengths } from '@layerwise/pairs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { river, splitOf, taskOf } from '../test/tasks.js';
import { lengthShift, THRESHOLDS } from './length-shift.js';

type River = typeof river;
const shiftOf = (task: River, threshold: (typeof THRESHOLDS)[number]) =>
  lengthShift(task, { train: wordLengths(task.train), dev: wordLengths(task.dev) }, 'words', threshold);
const lengthsOf = (min: number) =>
  fc
    .array(fc.integer({ min: 1, max: 9 }), { minLength: min, maxLength: 30 })
    .filter((lengths) => new Set(lengths).size > 1);

describe.each(THRESHOLDS)('a task cut by the threshold of %s', (threshold) => {
  it('keeps every row once, with its label, and no shorter row is in the longer part', () => {
    fc.assert(
      fc.property(lengthsOf(2), lengthsOf(2), (train, dev) => {
        const task = taskOf(train, dev);
        const { pair } = shiftOf(task, threshold);
        for (const split of ['train', 'dev'] as const) {
          const [original, shifted] = [pair.original[split], pair.shifted[split]];
          expect(original.text.length + shifted.text.length).toBe(task[split].text.length);
          expect([...original.index, ...shifted.index].sort((a, b) => a - b)).toEqual([...task[split].index]);
          const ones = (labels: Int32Array): number => labels.filter((label) => label === 1).length;
          expect(ones(original.label) + ones(shifted.label)).toBe(ones(task[split].label));
          for (const part of [original, shifted]) {
            expect(part.index).toEqual(part.index.slice().sort());
            part.index.forEach((index, i) => {
              expect(part.text[i]).toBe(task[split].text[index - 1000]);
              expect(part.label[i]).toBe(task[split].label[index - 1000]);
            });
          }
          const words = (texts: readonly string[]) => texts.map((text) => text.split(' ').length);
          expect(Math.max(...words(original.text))).toBeLessThanOrEqual(Math.min(...words(shifted.text)));
        }
      }),
    );
  });
});

it('cuts each split at its own median, or dev where train was cut', () => {
  const task = taskOf([1, 2, 3, 4, 5, 6], [3, 4, 5, 6, 7, 8]);
  const own = shiftOf(task, 'split');
  expect([...own.pair.rows.original.dev]).toEqual([0, 1, 2]);
  expect(own.details.cut).toEqual({ train: 3.5, dev: 5.5 });
  const one = shiftOf(task, 'train');
  expect([...one.pair.rows.original.dev]).toEqual([0]);
  expect(one.details.cut).toEqual({ train: 3.5, dev: 3.5 });
  expect(one.details.metadata).toEqual({ threshold: 'train' });
});

it('names the parts and tells their lengths', () => {
  const { pair, details } = shiftOf(taskOf([4, 1, 3, 2], [2, 1]), 'split');
  expect([pair.kind, pair.original.name, pair.shifted.name]).toEqual([
    'length',
    'rivers (shorter)',
    'rivers (longer)',
  ]);
  expect(details.lengths?.of).toEqual({
    original: { train: Int32Array.of(1, 2), dev: Int32Array.of(1) },
    shifted: { train: Int32Array.of(4, 3), dev: Int32Array.of(2) },
  });
});

it('may find no dev row on a side of the train threshold; that is for checkParts to refuse', () => {
  const { pair } = shiftOf(taskOf([1, 2, 3, 4], [7, 8, 9]), 'train');
  expect(pair.original.dev.text).toEqual([]);
  expect(pair.shifted.dev.text).toHaveLength(3);
});

describe('a task that cannot be cut is refused', () => {
  const refusal = (train: number[], dev: number[], threshold: (typeof THRESHOLDS)[number]): string => {
    try {
      shiftOf(taskOf(train, dev), threshold);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return (error as InputError).message;
    }
    throw new Error('accepted');
  };

  it('where all rows have one length', () => {
    const sentence =
      'all train rows of rivers have one length, 5 words, so none is shorter or longer; give a task whose rows differ in length, or try --unit pieces';
    expect(refusal([5, 5, 5, 5], [1, 2], 'split')).toBe(sentence);
    expect(refusal([5, 5, 5, 5], [1, 2], 'train')).toBe(sentence);
    expect(refusal([1, 1], [1, 2], 'train')).toMatch(/^all train rows of rivers have one length, 1 word, so/);
    expect(refusal([1, 2], [4, 4], 'split')).toMatch(/^all dev rows of rivers have one length, 4 words/);
  });

  it('where a split is empty', () => {
    expect(refusal([1, 2], [], 'split')).toMatch(/^rivers has no dev rows, so there is nothing to cut; give/);
    expect(refusal([], [1], 'train')).toMatch(/^rivers has no train rows/);
  });
});

it('counts the words of text and pair together', () => {
  const split = { ...splitOf([1, 4, 2, 3]), pair: ['a b c d e f', 'a', 'a', 'a b c'] };
  const { pair } = shiftOf({ ...river, train: split, dev: split }, 'split');
  expect([...pair.rows.original.train]).toEqual([1, 2]);
});
