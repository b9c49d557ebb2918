/**
 * Small files that would become large ones, and texts longer than books: refused before they fill anything.
 */
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { openTask } from '../src/index.js';
import { refusal, refusalOf, scratch } from './scratch.js';

type Column = Parameters<typeof parquetWriteBuffer>[0]['columnData'][number];
type Codec = Parameters<typeof parquetWriteBuffer>[0]['codec'];

function parquet(
  text: readonly (string | null)[],
  encoding?: Column['encoding'],
  codec: Codec = 'GZIP',
): Uint8Array {
  const columnData: Column[] = [
    { name: 'text', data: [...text], type: 'STRING', ...(encoding && { encoding }) },
    { name: 'label', data: text.map((_, row) => row % 2), type: 'INT32' },
  ];
  const compressors = { GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)) };
  return new Uint8Array(parquetWriteBuffer({ columnData, codec, compressors, statistics: false }));
}

const small = parquet(['a', 'b']);
const filesWith = (train: Uint8Array) => ({ 'train.parquet': train, 'dev.parquet': small });

const long = 'good film '.repeat(10_000); // of 100,000 characters
const GROWS =
  /train\.parquet has \d+ [kM]B and would become more than 100 MB, \d+ times its size; .* --expansion/;

describe(
  'a Parquet file that would become more than 100 MB and fifty times its size',
  { timeout: 60_000 },
  () => {
    it.each([
      ['one text in many rows', Array.from({ length: 1200 }, () => long), 'RLE_DICTIONARY'],
      [
        'texts that begin alike',
        Array.from({ length: 1200 }, (_, row) => `${long}${row}`),
        'DELTA_BYTE_ARRAY',
      ],
      ['texts that pack well', Array.from({ length: 1200 }, (_, row) => `${row}${long}`), 'PLAIN'],
    ] as const)('%s', async (_, texts, encoding) => {
      const file = parquet(texts, encoding);
      expect(file.byteLength).toBeLessThan(1e6);
      const folder = scratch(filesWith(file));
      expect(await refusal(folder)).toMatch(GROWS);
      const { task } = await openTask(folder, { expansion: 1_000_000 });
      expect(task.train.text).toEqual(texts);
    });

    it('by its rows alone', async () => {
      const rows = Array.from({ length: 13_000_000 }, () => 'x');
      const labels = new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'text', data: rows, type: 'STRING', encoding: 'RLE_DICTIONARY' },
            { name: 'label', data: rows, type: 'STRING', encoding: 'RLE_DICTIONARY' },
          ],
          statistics: false,
          rowGroupSize: rows.length,
        }),
      );
      expect(await refusalOf(filesWith(labels))).toMatch(/would become more than/);
    });

    it('is not one whose few texts are short', async () => {
      const texts = Array.from({ length: 100_000 }, (_, row) => `one of a few texts, the ${row % 5}th`);
      expect((await openTask(scratch(filesWith(parquet(texts, 'RLE_DICTIONARY'))))).task.train.text).toEqual(
        texts,
      );
    });
  },
);

it('missing texts among differences are bad rows, not damage', async () => {
  const texts = Array.from({ length: 300 }, (_, row) => (row % 3 === 0 ? null : `text ${row}`));
  for (const encoding of ['DELTA_BYTE_ARRAY', 'DELTA_LENGTH_BYTE_ARRAY'] as const) {
    const folder = scratch(filesWith(parquet(texts, encoding)));
    expect(await refusal(folder)).toMatch(/row 1: the row has no text/);
    const { task } = await openTask(folder, { skipBadRows: true });
    expect(task.train.text).toEqual(texts.filter((text) => text !== null));
  }
});

describe('a text longer than a million characters is a bad row', () => {
  const csv = (text: string) => `text,label\na,0\n${text},1\nb,1\n`;

  it('and can be left out, or allowed', async () => {
    const text = 'a '.repeat(600_000).trim();
    const folder = scratch({ 'train.csv': csv(text), 'dev.csv': csv('c') });
    expect(await refusal(folder)).toBe(
      '$/train.csv:3: the row has a text of 1,199,999 characters, where 1,000,000 are the most (--longest-text); correct it, or leave out bad rows with --skip-bad-rows',
    );
    expect((await openTask(folder, { skipBadRows: true })).task.train.text).toEqual(['a', 'b']);
    expect((await openTask(folder, { longestText: 1_200_000 })).task.train.text[1]).toBe(text);
  });

  it('in any format and column, at the limit that is given', async () => {
    const options = { longestText: 10 };
    const pair = 'text\tpair\tlabel\na\tb\t0\na\tabcdefghijk\t1\n';
    expect(await refusalOf({ 'train.tsv': pair, 'dev.tsv': pair }, options)).toMatch(
      /:3: .* of 11 characters/,
    );
    const line = (text: string) => `${JSON.stringify({ text, label: text.length })}\n`;
    const jsonl = line('abcdefghij') + line('abcdefghijk');
    expect(await refusalOf({ 'train.jsonl': jsonl, 'dev.jsonl': jsonl }, options)).toMatch(
      /:2: .* 10 are the most/,
    );
    expect(await refusalOf(filesWith(parquet(['a', 'abcdefghijk'])), options)).toMatch(/row 2: /);
  });
});
