/**
 * Pages that would keep hyparquet busy for hours, or fill the memory, are refused before they are decoded.
 * Taking the look at them out makes these tests hang.
 */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { openTask } from '../src/index.js';
import { refusalOf, scratch } from './scratch.js';

type Column = Parameters<typeof parquetWriteBuffer>[0]['columnData'][number];

/** An uncompressed file of texts and labels. */
function fileOf(text: readonly string[], encoding: Column['encoding']): Uint8Array {
  const columnData: Column[] = [
    { name: 'text', data: [...text], type: 'STRING', nullable: false, ...(encoding && { encoding }) },
    { name: 'label', data: text.map((_, row) => row % 2), type: 'INT32', nullable: false },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, codec: 'UNCOMPRESSED', statistics: false }));
}

/** `file` with other bytes where `found` stands; fails where it stands nowhere. */
function replaced(file: Uint8Array, found: readonly number[], by: readonly number[]): Uint8Array {
  const at = Buffer.from(file).indexOf(Buffer.from(found));
  expect(at).toBeGreaterThanOrEqual(0);
  const changed = file.slice();
  changed.set(by, at);
  return changed;
}

const texts = Array.from({ length: 40 }, (_, row) => `row ${row} of them`);

it.each(['PLAIN', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'] as const)(
  'reads sound texts: %s',
  async (encoding) => {
    const file = fileOf(texts, encoding);
    const { task } = await openTask(scratch({ 'train.parquet': file, 'dev.parquet': file }));
    expect(task.train.text).toEqual(texts);
  },
);

// Texts of 12 bytes: 4 bytes of length, then U+100000 and an x, whose bytes read as a run of 2³⁰ values.
const RUNS = Array.from({ length: 40 }, () => '\u{100000}x\u{100000}xyz');

it('a page of texts that calls itself one of runs', async () => {
  const file = fileOf(RUNS, 'PLAIN');
  const sound = fileOf(texts, 'PLAIN');
  // The encoding stands somewhere in the page's header: 0 there, zigzag 6 for runs.
  for (let at = 4; at < 40; at++) {
    if (file[at] !== 0) continue;
    const changed = file.slice();
    changed[at] = 6;
    const files = { 'train.parquet': changed, 'dev.parquet': sound };
    const refusal = await refusalOf(files).catch(() => 'read');
    expect(refusal).toMatch(/train\.parquet|read/);
  }
});

it.each(['DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'] as const)(
  'differences in blocks that lead backward: %s',
  async (encoding) => {
    const file = fileOf(texts, encoding);
    // A block of 128 differences in 4 parts, as the writer has it; then in -1 parts.
    const changed = replaced(file, [0x80, 0x01, 0x04], [0x80, 0x01, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    expect(await refusalOf({ 'train.parquet': changed, 'dev.parquet': file })).toMatch(
      /train\.parquet is not a Parquet file or is damaged \(a page has differences in blocks of an impossible size\)/,
    );
  },
);
