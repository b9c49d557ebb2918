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

it('marks texts that a spreadsheet would compute, names of columns too, and no numbers', () => {
  const csv = csvOf({
    '=HYPERLINK("http://x")': [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\tx',
      '\rx',
      ' =1',
      '\uff1d1',
      'a=1',
      '',
      '-',
    ],
    value: Float64Array.of(-1, -1e-7, 3, Number.NaN, Number.NEGATIVE_INFINITY, 0, 0, 0, 0, 0, 0),
  });
  expect(csv.split('\r\n').slice(0, -1)).toEqual([
    `"'=HYPERLINK(""http://x"")",value`,
    "'=1+1,-1",
    "'+1,-1e-7",
    "'-1,3",
    "'@SUM(A1),NaN",
    "'\tx,-Infinity",
    `"'\rx",0`,
    "' =1,0",
    "'\uff1d1,0",
    'a=1,0',
    ',0',
    "'-,0",
  ]);
});

it.each(['a "b" <c> & \'d\' #e 100% →\r\n\t|`^{}\\', 'river → lake, 🌊', 'lone \ud800.'])(
  'takes %j there and back',
  async (text) => {
    const uri = dataUri('text/csv', text);
    expect(uri).not.toMatch(/["<>#]/);
    expect(await (await fetch(uri)).text()).toBe(Buffer.from(text).toString());
  },
);
