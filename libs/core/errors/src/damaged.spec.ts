/** The sentence for a damaged file, and the words in it. */
import { expect, it } from 'vitest';
import { counted, damaged, InputError, visible } from './index.js';

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

it('counts one and several', () => {
  expect([0, 1, 2].map((count) => counted(count, 'row'))).toEqual(['0 rows', '1 row', '2 rows']);
});
