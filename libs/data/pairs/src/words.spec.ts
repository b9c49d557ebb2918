/** Words against JavaScript's own split at white space. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pairs, splitOf, weather } from '../test/tasks.js';
import { countWords, wordCounts, wordLengths } from './words.js';

const bySplitting = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

it('counts words as a split at white space does, whatever the text', () => {
  const spaced = fc.array(fc.constantFrom('a', 'Word', ' ', '  ', '\t', '\n', '\u00a0', '\u3000', '.', '😀'));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        spaced.map((parts) => parts.join('')),
      ),
      (text) => {
        expect(countWords(text)).toBe(bySplitting(text).length);
      },
    ),
  );
});

it('takes every UTF-16 unit for white space that \\s does, and no other', () => {
  const wrong: number[] = [];
  for (let code = 0; code < 0x10000; code++) {
    const unit = String.fromCharCode(code);
    if (countWords(`a${unit}b`) !== (/\s/.test(unit) ? 2 : 1)) wrong.push(code);
  }
  expect(wrong).toEqual([]);
});

it('measures text and pair together', () => {
  expect([...wordLengths(weather.dev)]).toEqual([1, 1, 7, 6]);
  expect([...wordLengths(pairs.train)]).toEqual([5, 4, 2]);
  expect([...wordLengths(splitOf(['0 ', '1  \t ']))]).toEqual([0, 0]);
});

it('counts lower-cased words of texts and pairs', () => {
  expect([...wordCounts(splitOf(['0 Rain , RAIN', '0 rain']))]).toEqual([
    ['rain', 3],
    [',', 1],
  ]);
  expect(wordCounts(pairs.dev)).toEqual(
    new Map([
      ['the', 2],
      ['day', 1],
      ['began', 1],
      ['fog', 1],
      ['sun', 2],
      ['rose', 1],
    ]),
  );
});

it('loses no word of any text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
      const counts = wordCounts({ ...splitOf([]), text: texts });
      const words = texts.flatMap((text) => bySplitting(text.toLowerCase()));
      expect([...counts.keys()]).toEqual([...new Set(words)]);
      expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(words.length);
    }),
  );
});
