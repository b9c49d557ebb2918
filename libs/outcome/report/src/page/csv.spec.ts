/** CSV by RFC 4180, and links that a browser turns back into the same bytes. */
import { expect, it } from 'vitest';
import { csvOf, dataUri } from './csv.js';

it('quotes what holds commas, quotes and line breaks, and leaves gaps empty', () => {
  const csv = csvOf({
    name: ['a,b', 'he said "no"', 'two\nlines'],
    'a "value"': Float64Array.of(0.1, 1e-7, 3),
    gap: [null, 1, null],
  });
  expect(csv).toBe('name,"a ""value""",gap\r\n"a,b",0.1,\r\n"he said ""no""",1e-7,1\r\n"two\nlines",3,\r\n');
});

it.each(['a "b" <c> & \'d\' #e 100% →\r\n\t|`^{}\\', 'river → lake, 🌊', 'lone \ud800.'])(
  'takes %j there and back',
  async (text) => {
    const uri = dataUri('text/csv', text);
    expect(uri).not.toMatch(/["<>#]/);
    expect(await (await fetch(uri)).text()).toBe(Buffer.from(text).toString());
  },
);
