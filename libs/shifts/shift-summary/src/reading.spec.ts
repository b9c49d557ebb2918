import { describe, expect, it } from 'vitest';
import type { SampleTest, ClassifierResult } from './compare.js';
import { reading } from './reading.js';
import { separability } from './separability.js';

const test = (pValue: number): SampleTest => ({
  mmdSquared: 0.0123,
  pValue,
  permuted: new Float64Array(1000),
  rowsOfPart: 436,
  medianDistance: 5.5,
});
const told = (train: number, dev: number): ClassifierResult => {
  const heldOut = (right: number) => {
    const share = { right, rows: 100 };
    const scores = { original: new Float64Array(100), shifted: new Float64Array(100) };
    return { ...separability(share, share), scores };
  };
  return { fittedOfPart: 1000, heldOut: { train: heldOut(train), dev: heldOut(dev) } };
};
const read = (kind: 'dataset' | 'length' | 'cluster', pValue: number, train: number, dev: number) =>
  reading(kind, { train: test(0.5), dev: test(pValue) }, told(train, dev));

describe('what follows', () => {
  it.each([
    [0.001, 90, /^this is a shift: the two tasks differ/],
    [0.001, 51, /^this is at most a slight shift: the two tasks differ .* does not tell/],
    [0.4, 80, /^this is at most a slight shift: a linear classifier tells .* the test sees no difference/],
    [0.4, 51, /^no shift is shown/],
  ])('p %f and %i of 100 right', (pValue, right, sentence) => {
    expect(read('dataset', pValue, right, right).at(-1)).toMatch(sentence);
  });

  it('names what was cut by length, and no finding for clusters', () => {
    expect(read('length', 0.001, 90, 90).at(-1)).toContain('the shorter and the longer rows');
    for (const pValue of [0.001, 0.5]) {
      const notes = read('cluster', pValue, 99, 99);
      expect(notes.at(-1)).toContain('its p-value is no finding');
      expect(notes.join()).not.toContain('p = ');
    }
  });
});

it('says where the boundary of the train parts is not that of the dev parts', () => {
  expect(read('length', 0.001, 90, 60).join('\n')).toContain('a lower bound');
  expect(read('length', 0.001, 90, 88).join('\n')).not.toContain('a lower bound');
});

it('prints the numbers', () => {
  const notes = read('length', 1 / 1001, 90, 80);
  expect(notes[1]).toBe(
    'dev: MMD² is 0.0123 between 436 rows of each part (median distance 5.50), p = 0.001 by 1000 permutations',
  );
  // Wilson's bounds of 80 in 100 are 71.1 % and 86.7 %; of the mean of two alike: 80 − 8.9/√2 and 80 +
  // 6.7/√2.
  expect(notes[2]).toContain(
    '80.0 % right of 100 + 100 dev rows (balanced, 95 % interval 73.7 % to 84.7 %), proxy A-distance 1.20 (0.95 to 1.39)',
  );
  expect(read('length', 0.0001, 90, 80)[1]).toContain('p = 0.0001 by');
});
