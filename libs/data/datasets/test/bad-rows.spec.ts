/** What a bad row or a bad file is called: exact sentences, with file and line. */
import { describe, expect, it } from 'vitest';
import { openTask } from '../src/index.js';
import { refusal, refusalOf, scratch, tsv } from './scratch.js';

const HEADER = ['sentence', 'label'];
const good = tsv(HEADER, ['a', 'x'], ['b', 'y']);
const remedy = '; correct it, or leave out bad rows with --skip-bad-rows';

describe('a bad row of TSV', () => {
  it.each([
    [['c'], 'has 1 tab-separated field where 2 were expected'],
    [['c', 'd', 'x'], 'has 3 tab-separated fields where 2 were expected'],
    [['c', ''], 'has no label'],
    [['', 'x'], 'has no text'],
    [[' \u00a0\u3000', 'x'], 'has no text'],
    [[''], 'has 1 tab-separated field where 2 were expected'],
  ])('%j', async (fields, reason) => {
    const train = tsv(HEADER, ['a', 'x'], fields, ['b', 'y']);
    const folder = scratch({ 'train.tsv': train, 'dev.tsv': good });
    expect(await refusal(folder)).toBe(`$/train.tsv:3: the row ${reason}${remedy}`);
    const { task, skipped } = await openTask(folder, { skipBadRows: true });
    expect(task.train).toMatchObject({ text: ['a', 'b'], index: Int32Array.of(0, 2) });
    expect(skipped).toEqual([{ file: `${folder}/train.tsv`, count: 1, firstReasons: [`line 3 ${reason}`] }]);
  });

  it('a label in dev that train does not have', async () => {
    const dev = tsv(HEADER, ['a', 'x'], ['b', 'Y'], ['c', 'y']);
    const folder = scratch({ 'train.tsv': good, 'dev.tsv': dev });
    expect(await refusal(folder)).toBe(
      `$/dev.tsv:3: the row has the label "Y" where "x" or "y" was expected${remedy}`,
    );
    const { task, skipped } = await openTask(folder, { skipBadRows: true });
    expect(task.dev.text).toEqual(['a', 'c']);
    expect(skipped).toMatchObject([{ file: `${folder}/dev.tsv`, count: 1 }]);
  });

  it('invalid UTF-8: a cut character, Latin-1, a surrogate, an overlong form', async () => {
    for (const bytes of [[0xe2, 0x82], [0xe9, 0x20], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xff]]) {
      const line = Buffer.from([...bytes, 0x09, 0x78, 0x0a]);
      const train = Buffer.concat([Buffer.from(good), line, Buffer.from('ü\ty\n\n')]);
      const folder = scratch({ 'train.tsv': train, 'dev.tsv': good });
      expect(await refusal(folder)).toBe(`$/train.tsv:4: the row is not valid UTF-8${remedy}`);
      const { task, skipped } = await openTask(folder, { skipBadRows: true });
      expect(task.train).toMatchObject({ text: ['a', 'b', 'ü'], index: Int32Array.of(0, 1, 3) });
      expect(skipped[0]?.firstReasons).toEqual(['line 4 is not valid UTF-8']);
    }
  });

  it('invalid UTF-8 far into a large file', async () => {
    const rows = Array.from({ length: 150_000 }, (_, i) => `a sentence ${i}\t${i % 2}\n`);
    const bytes = Buffer.from(tsv(HEADER) + rows.join(''));
    const folder = scratch({ 'train.tsv': bytes, 'dev.tsv': tsv(HEADER, ['a', '0']) });
    expect((await openTask(folder)).task.train.text).toHaveLength(150_000);
    bytes[bytes.indexOf('sentence 140000\t')] = 0xff;
    const damaged = scratch({ 'train.tsv': bytes, 'dev.tsv': tsv(HEADER, ['a', '0']) });
    expect(await refusal(damaged)).toBe(`$/train.tsv:140002: the row is not valid UTF-8${remedy}`);
  });

  it('keeps only the first reasons', async () => {
    const train = tsv(HEADER, ['a', 'x'], ['b', 'y'], ...Array.from({ length: 9 }, () => ['c']));
    const { skipped } = await openTask(scratch({ 'train.tsv': train, 'dev.tsv': good }), {
      skipBadRows: true,
    });
    expect(skipped[0]?.count).toBe(9);
    expect(skipped[0]?.firstReasons).toHaveLength(5);
  });
});

describe('a bad file', () => {
  it.each([
    ['', '$/train.tsv is empty; give a file with a row for each text'],
    ['\n\n', '$/train.tsv is empty; give a file with a row for each text'],
    ['\uFEFF', '$/train.tsv is empty; give a file with a row for each text'],
    ['sentence\tlabel\n\n', '$/train.tsv has no rows; give a file with a row for each text'],
  ])('train %j', async (train, sentence) => {
    expect(await refusalOf({ 'train.tsv': train, 'dev.tsv': good })).toBe(sentence);
  });

  it.each([
    ['', '$/dev.tsv is empty; give a file with a row for each text'],
    ['sentence\tlabel', '$/dev.tsv has no rows; give a file with a row for each text'],
    [
      'index\tsentence\n0\ta\n',
      '$/dev.tsv has no column "label" but "index", "sentence"; name the columns or correct the file',
    ],
  ])('dev %j', async (dev, sentence) => {
    expect(await refusalOf({ 'train.tsv': good, 'dev.tsv': dev })).toBe(sentence);
  });

  it('a header that is not UTF-8, as in a UTF-16 file', async () => {
    const wide = Buffer.from(`\uFEFF${good}`, 'utf16le');
    expect(await refusalOf({ 'train.tsv': wide, 'dev.tsv': good })).toBe(
      '$/train.tsv:1: the first line is not valid UTF-8; save the file as UTF-8',
    );
    expect(await refusalOf({ 'train.tsv': good, 'dev.tsv': wide }, { skipBadRows: true })).toMatch(
      /^\$\/dev\.tsv:1: the first/,
    );
  });

  it('no good row among the bad', async () => {
    const files = { 'train.tsv': tsv(HEADER, ['a']), 'dev.tsv': good };
    expect(await refusalOf(files, { skipBadRows: true })).toBe(
      '$/train.tsv has no row that is not bad; give a file with a row for each text',
    );
  });

  it('CoLA with a dev file that has a header', async () => {
    const train = tsv(['m', '1', '', 'It is.'], ['m', '0', '*', 'Is it it.']);
    expect(await refusalOf({ 'train.tsv': train, 'dev.tsv': good })).toMatch(
      /^\$\/dev\.tsv:1: has not the 4 tab-separated fields of CoLA/,
    );
    const wrong = train + tsv(['m', '2', '', 'Two.']);
    expect(await refusalOf({ 'train.tsv': wrong, 'dev.tsv': train })).toBe(
      `$/train.tsv:3: the row has the label "2" where "0" or "1" was expected${remedy}`,
    );
  });
});
