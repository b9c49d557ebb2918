/** The sentence for a damaged file, and the words in it. */
import { expect, it } from 'vitest';
import { counted, damaged, InputError, visible, visibleLines } from './index.js';

it('says what is damaged, what was found and what to do, in one line', () => {
  const error = damaged('a.arrow', 'column a\nb\u001b has no name');
  expect(error).toBeInstanceOf(InputError);
  expect(error.message).toBe('a.arrow is damaged: column a\\nb\\u001b has no name; fetch or write it again.');
  expect(damaged('a, line 3', 'it ends', 'give another').message).toBe(
    'a, line 3 is damaged: it ends; give another.',
  );
});

it('shows control characters, and leaves all else', () => {
  expect(visible('é🌊\\ "x"\t\u2028\u0085')).toBe('é🌊\\ "x"\\t\\u2028\\u0085');
});

it('shows what turns the direction of writing, and leaves letters of those scripts', () => {
  expect(visible('a\u202egnp.\u2066b\u200f\u061c')).toBe('a\\u202egnp.\\u2066b\\u200f\\u061c');
  expect(visible('שלום, مرحبا, हिन्दी\u200d')).toBe('שלום, مرحبا, हिन्दी\u200d');
});

it('shows a program that listens to the 8-bit controls what was in the text', () => {
  expect(visible('\u009b31m\u007f\r')).toBe('\\u009b31m\\u007f\\r');
});

it('leaves the line breaks of a text of several lines, and nothing else', () => {
  expect(visibleLines('one\r\n\u001b[2Jtwo\n')).toBe('one\\r\n\\u001b[2Jtwo\n');
});

it('leaves JSON the same value', () => {
  const value = { '\u009b': 'a\u202eb\u2028\u007f\n"' };
  const line = visible(JSON.stringify(value));
  expect(line).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  expect(JSON.parse(line)).toEqual(value);
});

it('counts one and several', () => {
  expect([0, 1, 2].map((count) => counted(count, 'row'))).toEqual(['0 rows', '1 row', '2 rows']);
});
