/** Lines out of bytes, however they are cut into chunks. */
import { InputError } from '@layerwise/errors';
import { expect, it } from 'vitest';
import { byteLines } from './byte-lines.js';

/** The lines of these bytes, cut into chunks of one size; of a fault its sentence. */
async function linesOf(bytes: Buffer, size: number, most = 100): Promise<(string | { fault: string })[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let start = 0; start < bytes.length; start += size) {
      await Promise.resolve();
      yield bytes.subarray(start, start + size);
    }
  }
  const lines: (string | { fault: string })[] = [];
  for await (const line of byteLines(chunks(), most))
    lines.push(line instanceof InputError ? { fault: line.message } : line);
  return lines;
}

it.each([1, 2, 3, 7, 1000])('in chunks of %i bytes', async (size) => {
  expect(await linesOf(Buffer.from('one\ntwo\r\n\n\r\nschön — 学\u2028習\nlast'), size)).toEqual([
    ...['one', 'two', '', '', 'schön — 学\u2028習', 'last'],
  ]);
  expect(await linesOf(Buffer.from('\uFEFFone\n'), size)).toEqual(['one']);
  // A bar of progress is drawn over itself.
  expect(await linesOf(Buffer.from('10%\r20%\r\r\n{}\r'), size)).toEqual(['10%', '20%', '', '{}']);
  expect(await linesOf(Buffer.alloc(0), size)).toEqual([]);
});

it.each([1, 5, 1000])(
  'a line that is too long or no text is one fault, in chunks of %i bytes',
  async (size) => {
    const bytes = Buffer.concat([
      Buffer.from(`${'x'.repeat(100)}\n${'x'.repeat(101)}\nbetween\n`),
      Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a]),
      Buffer.from(`after\n${'y'.repeat(5000)}`),
    ]);
    expect(await linesOf(bytes, size)).toEqual([
      'x'.repeat(100),
      { fault: 'The line is longer than 100 bytes: write one object a line.' },
      'between',
      { fault: 'The line is not UTF-8: write text as UTF-8, or escape it as JSON does ("\\u00e9").' },
      'after',
      { fault: 'The line is longer than 100 bytes: write one object a line.' },
    ]);
  },
);

it('hands a line on before the next one comes', async () => {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from('first\nsec');
    await new Promise(() => undefined);
  }
  const lines = byteLines(chunks(), 100);
  expect(await lines.next()).toEqual({ done: false, value: 'first' });
});
