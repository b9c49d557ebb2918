import { expect, it } from 'vitest';
import { distinctTexts } from './distinct-texts.js';

it('names each text once, in the order of first rows', () => {
  const { texts, pairs, firstRow, textOfRow } = distinctTexts({ text: ['b', 'a', 'b', ''], pair: null });
  expect(texts).toEqual(['b', 'a', '']);
  expect(pairs).toBeNull();
  expect([...firstRow]).toEqual([0, 1, 3]);
  expect([...textOfRow]).toEqual([0, 1, 0, 2]);
});

it('tells pairs apart by both texts and by where the first ends', () => {
  const text = ['a', 'ab', 'a', 'a', 'ab', '1 a'];
  const pair = ['bc', 'c', 'bc', 'b', '', 'bc'];
  const { texts, pairs, textOfRow } = distinctTexts({ text, pair });
  expect([...textOfRow]).toEqual([0, 1, 0, 2, 3, 4]);
  expect(texts.map((first, i) => [first, pairs![i]])).toEqual([
    ['a', 'bc'],
    ['ab', 'c'],
    ['a', 'b'],
    ['ab', ''],
    ['1 a', 'bc'],
  ]);
});
