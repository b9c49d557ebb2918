import { expect, it } from 'vitest';
import { occurringVocabulary, wholeVocabulary } from './active-vocabulary.js';

const texts = (...ids: number[]) => ({
  offsets: Int32Array.of(0, ids.length),
  ids: Int32Array.from(ids),
  types: [],
});

it('numbers the tokens that occur in any text, in ascending order', () => {
  const { size, rowOf, tokens } = occurringVocabulary(10, [texts(7, 2, 7), texts(9, 0)]);
  expect(size).toBe(4);
  expect(Array.from(tokens)).toEqual([0, 2, 7, 9]);
  expect(Array.from(rowOf)).toEqual([0, -1, 1, -1, -1, -1, -1, 2, -1, 3]);
});

it('is every token where rows without a gradient change too', () => {
  const { size, rowOf, tokens } = wholeVocabulary(3);
  expect(size).toBe(3);
  expect(Array.from(tokens)).toEqual([0, 1, 2]);
  expect(Array.from(rowOf)).toEqual([0, 1, 2]);
});
