/** Parts of tasks: the rows asked for, in their order, with everything that belongs to them. */
import type { Task } from '@layerwise/artifacts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairs, splitOf, weather } from '../test/tasks.js';
import { cutTask, pairOfTasks, partOf } from './pair.js';

const none = Int32Array.of();
const names = { original: 'first', shifted: 'second' };

describe('a part', () => {
  it('has the rows asked for, under its own name, with labels and numbers of the source', () => {
    const part = partOf(weather, { train: Int32Array.of(1, 5), dev: Int32Array.of(2) }, 'some weather');
    expect(part).toEqual({
      name: 'some weather',
      labels: ['dull', 'bright'],
      train: {
        index: Int32Array.of(101, 105),
        text: ['rain , rain and more Rain', 'not one cloud over the whole valley today'],
        pair: null,
        label: Int32Array.of(0, 1),
      },
      dev: {
        index: Int32Array.of(2),
        text: ['the fog came down the hills again'],
        pair: null,
        label: Int32Array.of(0),
      },
    });
  });

  it('keeps second texts with first ones', () => {
    const { train } = partOf(pairs, { train: Int32Array.of(0, 2), dev: none }, 'part');
    expect(train.text).toEqual(['the sun rose', 'fog']);
    expect(train.pair).toEqual(['it rained', 'perhaps']);
  });

  it('has no test split, even where the task has', () => {
    const tested: Task = { ...weather, test: splitOf(['0 rain']) };
    expect(partOf(tested, { train: none, dev: none }, 'part')).not.toHaveProperty('test');
    expect(pairOfTasks(tested, pairs).original).not.toHaveProperty('test');
  });
});

describe('a cut', () => {
  it('into any two parts loses and doubles no row', () => {
    const sides = fc.array(fc.constantFrom('original', 'shifted'), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(sides, sides, (train, dev) => {
        const where = (all: string[], side: string, rows: number) =>
          Int32Array.from([...all.slice(0, rows).keys()].filter((row) => all[row] === side));
        const rowsOf = (side: string) => ({ train: where(train, side, 6), dev: where(dev, side, 4) });
        const rows = { original: rowsOf('original'), shifted: rowsOf('shifted') };
        const { original, shifted } = cutTask(weather, 'cluster', rows, names);
        for (const split of ['train', 'dev'] as const) {
          const tuples = [original, shifted].flatMap((part) =>
            part[split].text.map((text, i) => [part[split].index[i]!, text, part[split].label[i]!] as const),
          );
          const source = weather[split];
          expect(tuples.sort((a, b) => a[0] - b[0])).toEqual(
            source.text.map((text, i) => [source.index[i], text, source.label[i]]),
          );
        }
      }),
    );
  });

  it.each([
    [[0, 1], [1], 'row 1 is in both parts'],
    [[1, 0], [], 'row 0 after row 1'],
    [[2, 2], [], 'row 2 after row 2'],
    [[0], [6], 'row 6 after row -1, of 6 rows'],
  ])('by rows %j and %j is a mistake of the program', (original, shifted, message) => {
    const rowsOf = (train: number[]) => ({ train: Int32Array.from(train), dev: none });
    const rows = { original: rowsOf(original), shifted: rowsOf(shifted) };
    expect(() => cutTask(weather, 'cluster', rows, names)).toThrow(message);
  });
});
