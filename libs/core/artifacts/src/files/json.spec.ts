/** JSON that is none is undefined, never a SyntaxError. */
import { expect, it } from 'vitest';
import { parseJson } from '../index.js';

it('a text is its value, or undefined', () => {
  expect(parseJson('{"a":[1,null]}')).toEqual({ a: [1, null] });
  expect(parseJson('null')).toBeNull();
  for (const text of ['', '{"a":', 'undefined', undefined]) expect(parseJson(text)).toBeUndefined();
});
