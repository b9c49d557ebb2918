/** Labels that are missing, one class written in two ways, and labels that look alike. */
import { spawnSync } from 'node:child_process';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { openTask } from '../src/index.js';
import { isMissing } from '../src/splits/labels.js';
import { refusal, scratch, tsv, type Files } from './scratch.js';

const WORDS = [
  'nan',
  'NaN',
  'NA',
  'n/a',
  'None',
  'null',
  '<NA>',
  '#N/A',
  '-1.#IND',
  'inf',
  '-Infinity',
  ' NA ',
];

type Value = string | number | null;
type Column = Parameters<typeof parquetWriteBuffer>[0]['columnData'][number];

/** A task of nine rows in train, the last one odd, as files of each format. */
function filesWith(format: string, odd: Value, good: readonly [Value, Value] = ['0', '1']): Files {
  const train: Value[] = [0, 1, 0, 1, 0, 1, 0, 1].map((i) => good[i]!);
  return {
    [`train.${format}`]: fileOf(format, [...train, odd]),
    [`dev.${format}`]: fileOf(format, [...good]),
  };
}

function fileOf(format: string, labels: readonly Value[]): string | Uint8Array {
  const rows = labels.map((label, i) => [`film ${i}`, label] as const);
  if (format === 'jsonl')
    return rows
      .map(
        ([text, label]) =>
          `{"text": "${text}", "label": ${typeof label === 'string' ? JSON.stringify(label) : label}}\n`,
      )
      .join('');
  if (format === 'parquet') {
    const type: Column['type'] = labels.some((label) => typeof label === 'string') ? 'STRING' : 'DOUBLE';
    const columnData: Column[] = [
      { name: 'text', data: rows.map(([text]) => text), type: 'STRING' },
      { name: 'label', data: [...labels], type },
    ];
    return new Uint8Array(parquetWriteBuffer({ columnData }));
  }
  const separator = format === 'tsv' ? '\t' : ',';
  return [['text', 'label'], ...rows].map((fields) => `${fields.join(separator)}\n`).join('');
}

describe.each(['csv', 'tsv', 'jsonl', 'parquet'])(
  'a label that is a word for a missing one: %s',
  (format) => {
    it.each(WORDS)('%j', async (word) => {
      const folder = scratch(filesWith(format, word));
      const place = { csv: ':10:', tsv: ':10:', jsonl: ':9:', parquet: ', row 9:' }[format] ?? '';
      expect(await refusal(folder)).toBe(
        `$/train.${format}${place} the row has the label ${JSON.stringify(word)}, which stands for a missing one (with --labels-as-written it is a class); correct it, or leave out bad rows with --skip-bad-rows`,
      );
      const { task, skipped, notes } = await openTask(folder, { skipBadRows: true });
      expect(task.labels).toEqual(['0', '1']);
      expect(task.train.index).toHaveLength(8);
      expect(skipped).toMatchObject([{ count: 1 }]);
      expect(notes).toEqual([expect.stringContaining('1 bad row left out')]);
      const asWritten = await openTask(folder, { labelsAsWritten: true });
      expect(asWritten.task.labels).toContain(word);
      expect(asWritten.task.train.index).toHaveLength(9);
    });
  },
);

describe.each(['jsonl', 'parquet'])('a number that is none: %s', (format) => {
  it.each([NaN, Infinity, -Infinity])('%d', async (odd) => {
    const folder = scratch(filesWith(format, odd, [0, 1]));
    for (const labelsAsWritten of [false, true])
      expect(await refusal(folder, { labelsAsWritten })).toMatch(/the row has no label; correct it/);
    expect((await openTask(folder, { skipBadRows: true })).task.labels).toEqual(['0', '1']);
  });
});

it('a dev row without a label is bad, and a test split of such rows is left out', async () => {
  const good = tsv(['text', 'label'], ['a', '0'], ['b', '1']);
  const none = tsv(['text', 'label'], ['c', 'nan'], ['d', 'NA'], ['e', '-1.0']);
  expect(await refusal(scratch({ 'train.tsv': good, 'dev.tsv': none }))).toMatch(/dev\.tsv:2: .*"nan"/);
  const { task } = await openTask(scratch({ 'train.tsv': good, 'dev.tsv': good, 'test.tsv': none }));
  expect(task.test).toBeUndefined();
});

it('a class that the file itself lists is a class, whatever it is called', async () => {
  const names = { info: { features: { label: { names: ['None', 'some'], _type: 'ClassLabel' } } } };
  const file = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'text', data: ['a', 'b', 'c'], type: 'STRING' },
        { name: 'label', data: [0n, 1n, 0n], type: 'INT64' },
      ],
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify(names) }],
    }),
  );
  const { task } = await openTask(scratch({ 'train.parquet': file, 'validation.parquet': file }));
  expect(task.labels).toEqual(['None', 'some']);
  expect([...task.train.label]).toEqual([0, 1, 0]);
});

describe('whole numbers', () => {
  it('are one class as floats and as integers, across splits and within one', async () => {
    const train = tsv(
      ['text', 'label'],
      ['a', '0.0'],
      ['b', '1.0'],
      ['c', '10'],
      ['d', '1e1'],
      ['e', '-0.0'],
    );
    const dev = tsv(['text', 'label'], ['a', '0'], ['b', '1'], ['c', '10.0']);
    const { task } = await openTask(scratch({ 'train.tsv': train, 'dev.tsv': dev }));
    expect(task.labels).toEqual(['0', '1', '10']);
    expect([...task.train.label]).toEqual([0, 1, 2, 2, 0]);
    expect([...task.dev.label]).toEqual([0, 1, 2]);
  });

  it('are two classes where labels are as written, or where some are words', async () => {
    const train = tsv(['text', 'label'], ['a', '1'], ['b', '1.0']);
    const folder = scratch({ 'train.tsv': train, 'dev.tsv': train });
    expect((await openTask(folder, { labelsAsWritten: true })).task.labels).toEqual(['1', '1.0']);
    const mixed = train + 'c\tbeta\n';
    const { task } = await openTask(scratch({ 'train.tsv': mixed, 'dev.tsv': mixed }));
    expect(task.labels).toEqual(['1', '1.0', 'beta']);
  });

  it('are those of a known task as floats too', async () => {
    const mrpc = tsv(['Quality', '#1 String', '#2 String'], ['1.0', 'a', 'b'], ['0.0', 'c', 'd']);
    const { task } = await openTask(scratch({ 'train.tsv': mrpc, 'dev.tsv': mrpc }));
    expect(task.labels).toEqual(['0', '1']);
  });
});

it.each(['neg ', ' neg', 'neg\u00a0', 'ne g', 'neg\u200b', '\u2003neg'])(
  'a sentence of neg and %j',
  async (odd) => {
    for (const format of ['csv', 'jsonl', 'parquet']) {
      const folder = scratch(filesWith(format, odd, ['neg', 'pos']));
      const { task, notes } = await openTask(folder);
      expect(task.labels).toHaveLength(3);
      expect(notes).toEqual([expect.stringMatching(/has labels that differ in white space alone \("/)]);
    }
  },
);

const python = process.env.LAYERWISE_PYTHON ?? 'python3';
const listing =
  'import json; from pandas._libs.parsers import STR_NA_VALUES; print(json.dumps(sorted(STR_NA_VALUES)))';
const { status, stdout } = spawnSync(python, ['-c', listing], { encoding: 'utf8' });
if (status !== 0)
  console.warn(`skipped: ${python} cannot import pandas; set LAYERWISE_PYTHON to one that can`);

it.skipIf(status !== 0)("knows pandas' words for a missing value, and takes no other for one", () => {
  const words = JSON.parse(stdout) as string[];
  expect(words.length).toBeGreaterThan(15);
  expect(words.filter((word) => !isMissing(word))).toEqual([]);
  expect(['no', 'none', 'NAN', 'Na', 'nil', '-', '?', 'unknown', 'information'].filter(isMissing)).toEqual(
    [],
  );
});

it('a JSON number that is too long to be told from its neighbours is no label', async () => {
  const files = filesWith('jsonl', 2 ** 53 + 2);
  expect(await refusal(scratch(files))).toContain(
    'train.jsonl:9: the row has a number of more than 15 digits as "label"; write such labels in quotes',
  );
});
