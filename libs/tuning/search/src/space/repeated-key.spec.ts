/** Keys that JSON.parse would drop. */
import { expect, it } from 'vitest';
import { repeatedKey } from './repeated-key.js';

it.each([
  ['{"lr":1,"lr":2}', { key: 'lr', line: 1 }],
  ['{\n"a":{"low":1,\n"low" : 2}}', { key: 'low', line: 3 }],
  ['{"lr":{"a":1},"\\u006cr":2}', { key: 'lr', line: 1 }],
  ['[{"a":1},{"b":[{"c":1,"c":2}]}]', { key: 'c', line: 1 }],
  ['{"a \\" b":1,"x":"}","a \\" b":1}', { key: 'a " b', line: 1 }],
])('%s', (json, twice) => {
  JSON.parse(json);
  expect(repeatedKey(json)).toEqual(twice);
});

it.each([
  '{"a":{"a":1},"b":{"a":1}}',
  '{"a":"a","b":["a","a"]}',
  '[{"a":1},{"a":1}]',
  '"a"',
  '{"a":"{\\"a\\":1}"}',
])('%s has none', (json) => {
  expect(repeatedKey(json)).toBeUndefined();
});
