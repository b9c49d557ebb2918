/** CSV, JSON Lines, Parquet and Arrow, and where the files of a task are looked for. */
import { writeTaskFolder } from '@layerwise/artifacts';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { openTask } from '../src/index.js';
import { refusal, refusalOf, scratch, tsv } from './scratch.js';

describe('CSV', () => {
  const quoted = 'text,label\r\n"a, b",x\r\n"say ""hi""\r\nand go",y\r\n plain ,x\r\n';

  it('reads quotes, commas, line breaks and spaces as RFC 4180 has them', async () => {
    const { task } = await openTask(
      scratch({ 'train.csv': `\uFEFF${quoted}`, 'dev.csv': quoted.replaceAll('\r\n', '\n') }),
    );
    expect(task.labels).toEqual(['x', 'y']);
    expect(task.train.text).toEqual(['a, b', 'say "hi"\r\nand go', ' plain ']);
    expect(task.dev.text[1]).toBe('say "hi"\nand go');
    expect([...task.train.index]).toEqual([0, 1, 2]);
  });

  it('keeps characters beyond ASCII', async () => {
    const rows = 'text,label\nnaïve “q” 😀 \u2028,é\nb,z\n';
    const { task } = await openTask(scratch({ 'train.csv': rows, 'dev.csv': rows }));
    expect(task.train.text[0]).toBe('naïve “q” 😀 \u2028');
    expect(task.labels).toEqual(['z', 'é']);
  });

  it.each([
    [
      'text,label\n"a\nb\r\nc",x\nd\ne,y\n',
      '$/train.csv:5: the row has 1 field separated by commas where 2 were expected',
    ],
    [
      'text,label\na,x\n\nb,y\n',
      '$/train.csv:3: the row has 1 field separated by commas where 2 were expected',
    ],
    [
      'text,label\na,x\n"b,y\n',
      '$/train.csv:3: a quote is opened and never closed in the row that begins here',
    ],
    [
      'text,label\na,x\nb"c,y\n',
      '$/train.csv:3: a quote stands inside an unquoted field in the row that begins here',
    ],
    ['text,label\na,x\n"b"c,y\n', '$/train.csv:3: text follows a closing quote in the row that begins here'],
    ['text,label\na,x\nb,\n', '$/train.csv:3: the row has no label'],
    ['text,label\na,x\n"  ",y\n', '$/train.csv:3: the row has no text'],
  ])('names file and line of %j', async (train, sentence) => {
    const message = await refusalOf({ 'train.csv': train, 'dev.csv': quoted });
    expect(message.slice(0, sentence.length)).toBe(sentence);
  });

  it('finds invalid UTF-8 in its row', async () => {
    const train = Buffer.from('text,label\na,x\n"b\n\u00e9",y\nc,y\n', 'latin1');
    const folder = scratch({ 'train.csv': train, 'dev.csv': quoted });
    expect(await refusal(folder)).toMatch(/^\$\/train\.csv:3: the row is not valid UTF-8;/);
    const { task, skipped } = await openTask(folder, { skipBadRows: true });
    expect(task.train.text).toEqual(['a', 'c']);
    expect([...task.train.index]).toEqual([0, 2]);
    expect(skipped).toMatchObject([{ count: 1, firstReasons: ['line 3 is not valid UTF-8'] }]);
  });
});

describe('JSON Lines', () => {
  const good = '{"text":"a","label":true}\n{"label":false,"text":"b\\n\\u00e9","more":[1]}\n\n';

  it('reads strings, and labels that are strings, numbers or booleans', async () => {
    const { task } = await openTask(
      scratch({ 'train.jsonl': good, 'dev.json': '{"text":"c","label":"true"}' }),
    );
    expect(task.labels).toEqual(['false', 'true']);
    expect(task.train.text).toEqual(['a', 'b\né']);
    expect([...task.train.label]).toEqual([1, 0]);
    const numbers = '{"text":"a","label":10}\n{"text":"b","label":9}';
    const { task: numbered } = await openTask(scratch({ 'train.jsonl': numbers, 'dev.jsonl': numbers }));
    expect(numbered.labels).toEqual(['9', '10']);
  });

  it.each([
    ['{"text":"b"', 'is "{\\"text\\":\\"b\\"" where a JSON object was expected'],
    ['[1]', 'is "[1]" where a JSON object was expected'],
    ['', 'is "" where a JSON object was expected'],
    ['{"text":3,"label":1}', 'has a number as "text" where a string was expected'],
    ['{"text":["x"],"label":1}', 'has a list as "text" where a string was expected'],
    ['{"text":"b","label":{}}', 'has an object as "label" where a label was expected'],
    ['{"text":"b"}', 'has no label'],
    ['{"text":"b","label":null}', 'has no label'],
    ['{"label":1}', 'has no text'],
    ['{"text":"\\ud800","label":1}', 'has half a character (a lone surrogate) in "text"'],
  ])('names the line of %j', async (line, reason) => {
    const train = `{"text":"a","label":true}\n${line}\n{"text":"c","label":false}\n`;
    const folder = scratch({ 'train.jsonl': train, 'dev.jsonl': good });
    expect(await refusal(folder)).toBe(
      `$/train.jsonl:2: the row ${reason}; correct it, or leave out bad rows with --skip-bad-rows`,
    );
    const { task, skipped } = await openTask(folder, { skipBadRows: true });
    expect([...task.train.index]).toEqual([0, 2]);
    expect(skipped).toEqual([
      { file: `${folder}/train.jsonl`, count: 1, firstReasons: [`line 2 ${reason}`] },
    ]);
  });
});

type ParquetOptions = Omit<Parameters<typeof parquetWriteBuffer>[0], 'columnData'>;

function parquet(
  columns: Record<string, unknown[] | BigInt64Array | Int32Array>,
  options: ParquetOptions = {},
): Uint8Array {
  const columnData = Object.entries(columns).map(([name, data]) => ({ name, data }));
  return new Uint8Array(parquetWriteBuffer({ columnData, ...options }));
}

function classLabels(...names: string[]): ParquetOptions {
  const info = {
    features: { label: { names, _type: 'ClassLabel' }, text: { dtype: 'string', _type: 'Value' } },
  };
  return { kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info }) }] };
}

describe('Parquet', () => {
  const names = classLabels('no', 'maybe', 'yes');
  const train = { text: ['a', 'bé😀', 'c'], label: BigInt64Array.of(2n, 0n, 2n) };
  const dev = { text: ['d'], label: BigInt64Array.of(0n) };

  it("reads a folder of Hugging Face's shards with their label names", async () => {
    const folder = scratch({
      'train-00000-of-00002.parquet': parquet(train, names),
      'train-00001-of-00002.parquet': parquet({ text: ['e'], label: BigInt64Array.of(1n) }, names),
      'validation-00000-of-00001.parquet': parquet(dev, names),
      'test-00000-of-00001.parquet': parquet({ text: ['f'], label: BigInt64Array.of(-1n) }, names),
    });
    const { task, files } = await openTask(folder);
    expect(task.labels).toEqual(['maybe', 'no', 'yes']);
    expect(task.train).toEqual({
      index: Int32Array.of(0, 1, 2, 3),
      text: ['a', 'bé😀', 'c', 'e'],
      pair: null,
      label: Int32Array.of(2, 1, 2, 0),
    });
    expect(task.test).toBeUndefined();
    expect(files.map((file) => file.slice(folder.length + 1))).toEqual([
      'train-00000-of-00002.parquet',
      'train-00001-of-00002.parquet',
      'validation-00000-of-00001.parquet',
    ]);
  });

  it('reads every codec and several row groups, in order', async () => {
    const text = Array.from({ length: 900 }, (_, i) => `row ${i} ${'x'.repeat(i % 7)}`);
    const label = Int32Array.from(text, (_, i) => i % 3);
    const zstd = (input: Uint8Array): Uint8Array => zstdFrame(input);
    for (const options of [
      { codec: 'SNAPPY', rowGroupSize: 100 },
      { codec: 'UNCOMPRESSED', rowGroupSize: 400 },
      { codec: 'ZSTD', compressors: { ZSTD: zstd }, rowGroupSize: 250 },
    ] as const) {
      const file = parquet({ text, label }, { ...options, rowGroupSize: options.rowGroupSize });
      const { task } = await openTask(scratch({ 'train.parquet': file, 'dev.parquet': file }));
      expect(task.train.text).toEqual(text);
      expect(task.train.label).toEqual(label);
      expect(task.dev).toEqual(task.train);
    }
  });

  it('counts labels by number where the file has no names, and takes pairs', async () => {
    const file = parquet({
      premise: ['a', 'b'],
      hypothesis: ['c', 'd'],
      label: BigInt64Array.of(1n, 0n),
      idx: [0, 1],
    });
    const { task } = await openTask(scratch({ 'train.parquet': file, 'validation_matched.parquet': file }));
    expect(task).toMatchObject({ labels: ['0', '1'], train: { text: ['a', 'b'], pair: ['c', 'd'] } });
  });

  it('takes -1 in a test file as no label, with names or without', async () => {
    const labelled = parquet({ text: ['a', 'b'], label: [0, 1] });
    const test = parquet({ text: ['t'], label: [-1] });
    const files = { 'train.parquet': labelled, 'validation.parquet': labelled, 'test.parquet': test };
    expect((await openTask(scratch(files))).task.test).toBeUndefined();
  });

  it('keeps the labelled rows of a test file', async () => {
    const files = { 'train.parquet': parquet(train, names), 'validation.parquet': parquet(dev, names) };
    const test = { text: ['t', 'u'], label: BigInt64Array.of(2n, 0n) };
    const { task } = await openTask(scratch({ ...files, 'test.parquet': parquet(test, names) }));
    expect(task.test).toMatchObject({ text: ['t', 'u'], label: Int32Array.of(1, 0) });
    const some = { text: ['t', 'u'], label: BigInt64Array.of(2n, -1n) };
    expect(await refusalOf({ ...files, 'test.parquet': parquet(some, names) })).toMatch(
      /^\$\/test\.parquet, row 2: the row has no label, where others have one;/,
    );
  });

  it.each([
    [{ text: ['a', null, 'c'], label: [0, 1, 2] }, 'row 2: the row has no text'],
    [{ text: ['a', 'b', 'c'], label: [0, -1, 2] }, 'row 2: the row has no label'],
    [
      { text: ['a', 'b', 'c'], label: [0, 1, 3] },
      'row 3: the row has "3" as label, which is not one of the file\'s 3 class names',
    ],
    [{ text: [1, 2, 3], label: [0, 1, 2] }, 'row 1: the row has no text in "text"'],
  ])('names the row of %j', async (columns, reason) => {
    const message = await refusalOf({
      'train.parquet': parquet(columns, names),
      'dev.parquet': parquet(dev, names),
    });
    expect(message.slice(0, reason.length + 17)).toBe(`$/train.parquet, ${reason}`);
  });

  it('finds invalid UTF-8', async () => {
    const text = [Buffer.from('good'), Uint8Array.of(0x61, 0xff)];
    const columnData = [
      { name: 'text', data: text, type: 'BYTE_ARRAY' as const },
      { name: 'label', data: [0, 1] },
    ];
    const file = new Uint8Array(parquetWriteBuffer({ columnData }));
    expect(await refusalOf({ 'train.parquet': file, 'dev.parquet': file })).toMatch(
      /^\$\/train\.parquet, row 2: the row is not valid UTF-8 in "text";/,
    );
  });

  it('refuses scores, damaged files and files that are no Parquet', async () => {
    const scores = parquet({ sentence1: ['a', 'b'], sentence2: ['c', 'd'], label: [1.5, 4] });
    expect(await refusalOf({ 'train.parquet': scores, 'dev.parquet': scores })).toMatch(
      / 1\.5 .* regression/,
    );
    const whole = parquet(train, names);
    expect(await refusalOf({ 'train.parquet': whole.slice(0, -20), 'dev.parquet': whole })).toMatch(
      /^\$\/train\.parquet is not a Parquet file or is damaged \(/,
    );
    expect(await refusalOf({ 'train.parquet': 'text\tlabel\n', 'dev.parquet': whole })).toMatch(
      /not a Parquet file/,
    );
    expect(await refusalOf({ 'train.parquet': '', 'dev.parquet': whole })).toMatch(/not a Parquet file/);
  });
});

describe('where the files are', () => {
  const rows = tsv(['sentence', 'label'], ['a', '0'], ['b', '1']);
  const train = parquet({ text: ['a', 'b'], label: [0, 1] });

  it('in data/, or in the one subfolder with a train file', async () => {
    const data = scratch({
      'data/train-00000-of-00001.parquet': train,
      'data/validation-00000-of-00001.parquet': train,
    });
    expect((await openTask(data)).task.train.text).toEqual(['a', 'b']);
    const one = scratch({ 'README.md': '', 'plain/train.parquet': train, 'plain/validation.parquet': train });
    expect((await openTask(one)).task.name).toBe(one.split('/').at(-1));
    const two = { 'mrpc/train.tsv': rows, 'rte/train.tsv': rows, 'docs/x.txt': '' };
    expect(await refusalOf(two)).toBe('$ holds several tasks (mrpc, rte); give one of these subfolders');
  });

  it('a missing shard, two formats, no dev file, nothing at all', async () => {
    expect(await refusalOf({ 'train-00000-of-00002.parquet': train, 'dev.parquet': train })).toBe(
      '$ has 1 of the files train-*-of-00002.parquet, not one of each number; fetch the task again',
    );
    const both = { 'train.tsv': rows, 'train.csv': 'text,label\na,0\nb,1\n', 'dev.tsv': rows };
    expect(await refusalOf(both)).toBe(
      '$ has train.csv and train.tsv; choose one with --format, or move the other away',
    );
    expect((await openTask(scratch(both), { format: 'tsv' })).task.train.text).toEqual(['a', 'b']);
    expect(await refusalOf({ 'train.tsv': rows })).toBe(
      '$ has no dev or validation file beside train.tsv; name it with --dev-file',
    );
    expect(await refusalOf({ 'dev.tsv': rows })).toMatch(/^\$ has no train file; it needs train\.tsv/);
    expect(await refusalOf({ 'train.txt': rows, 'dev.txt': rows })).toMatch(
      /^\$\/train\.txt does not end as a known format does; say which with --format/,
    );
    const folder = scratch({});
    expect(await refusal(folder, {}, `${folder}/none`)).toBe(
      'There is no task at $/none; give a folder, a file or builtin:NAME',
    );
    expect(await refusal(folder, {}, `${folder}\0`)).toMatch(/^Cannot read \$\0: its name holds a character/);
  });

  it('one file, with the dev file beside it or named', async () => {
    const folder = scratch({ 'reviews.csv': 'body,stars\na,1\nb,5\n', 'held-out.csv': 'stars,body\n5,c\n' });
    const options = { textColumn: 'body', labelColumn: 'stars' };
    const { task, files } = await openTask(`${folder}/reviews.csv`, { ...options, devFile: 'held-out.csv' });
    expect(task).toMatchObject({ name: 'reviews', labels: ['1', '5'], dev: { text: ['c'] } });
    expect(files).toEqual([`${folder}/reviews.csv`, `${folder}/held-out.csv`]);
    expect(await refusal(folder, options, `${folder}/reviews.csv`)).toBe(
      'There is no dev file beside $/reviews.csv; name it with --dev-file',
    );
    expect(await refusal(folder, { ...options, devFile: 'gone.csv' }, `${folder}/reviews.csv`)).toBe(
      'There is no dev file gone.csv, neither in $ nor by that path',
    );
    const beside = scratch({ 'train.tsv': rows, 'dev.tsv': rows });
    expect((await openTask(`${beside}/train.tsv`)).task.dev.text).toEqual(['a', 'b']);
  });

  it('a format that is asked for is taken whatever the name', async () => {
    const folder = scratch({ 'rows.txt': rows, 'more.txt': rows });
    const { task } = await openTask(`${folder}/rows.txt`, { format: 'tsv', devFile: 'more.txt' });
    expect(task.dev.text).toEqual(['a', 'b']);
  });
});

describe('columns', () => {
  const rows = tsv(['a', 'b', 'c'], ['one', 'uno', 'x'], ['two', 'due', 'y']);

  it('by option', async () => {
    const folder = scratch({ 'train.tsv': rows, 'dev.tsv': rows });
    const pairs = await openTask(folder, { textColumn: 'b', pairColumn: 'a', labelColumn: 'c' });
    expect(pairs.task.train).toMatchObject({ text: ['uno', 'due'], pair: ['one', 'two'] });
    const single = await openTask(folder, { textColumn: 'a', labelColumn: 'c' });
    expect(single.task.train.pair).toBeNull();
  });

  it('unknown, missing or double', async () => {
    const folder = scratch({ 'train.tsv': rows, 'dev.tsv': rows });
    expect(await refusal(folder)).toBe(
      '$/train.tsv has the columns "a", "b", "c", of which none is known as the text or the label; name it with --text-column NAME --label-column NAME',
    );
    expect(await refusal(folder, { textColumn: 'a' })).toMatch(
      /known as the label; name it with --label-column NAME$/,
    );
    expect(await refusal(folder, { textColumn: 'A', labelColumn: 'c' })).toBe(
      '$/train.tsv has no column "A" but "a", "b", "c"; name the columns or correct the file',
    );
    const twice = tsv(['text', 'text', 'label'], ['a', 'b', '0']);
    expect(await refusalOf({ 'train.tsv': twice, 'dev.tsv': twice })).toMatch(
      /has two columns "text"; rename one/,
    );
    const known = tsv(['sentence', 'label'], ['a', '0'], ['b', '1']);
    expect(await refusalOf({ 'train.tsv': known, 'dev.tsv': rows })).toMatch(
      /^\$\/dev\.tsv has no column "sentence"/,
    );
  });

  it('a label column that holds no classes', async () => {
    const many = tsv(['text', 'label'], ...Array.from({ length: 150 }, (_, i) => ['x', `id ${i}`]));
    expect(await refusalOf({ 'train.tsv': many, 'dev.tsv': many })).toBe(
      '$/train.tsv has 150 different values in "label" in 150 rows, so these are no labels; name the column with --label-column',
    );
    const one = tsv(['text', 'label'], ['a', 'x'], ['b', 'x']);
    expect(await refusalOf({ 'train.tsv': one, 'dev.tsv': one })).toMatch(/has only the label "x"/);
  });
});

it('a task folder of Arrow files', async () => {
  const rows = tsv(['sentence1', 'sentence2', 'label'], ['a', 'A', '0'], ['b', 'B', '1']);
  const { task } = await openTask(scratch({ 'train.tsv': rows, 'dev.tsv': rows, 'test.tsv': rows }));
  const folder = scratch({});
  await writeTaskFolder(task, folder);
  const again = await openTask(folder, { trainLimit: 1 });
  expect(again.task.dev).toEqual(task.dev);
  expect(again.task.train.text).toEqual(['a']);
  expect(again.files).toEqual(['train', 'dev', 'test'].map((split) => `${folder}/${split}.arrow`));
});

/** A Zstandard frame of one raw block after another (RFC 8878), which Node 20 cannot write by itself. */
function zstdFrame(input: Uint8Array): Uint8Array {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  head.writeUInt32LE(input.length, 5);
  const blocks: Uint8Array[] = [head];
  const size = 100_000;
  for (let at = 0; at === 0 || at < input.length; at += size) {
    const piece = input.subarray(at, at + size);
    const block = Buffer.alloc(3);
    block.writeUIntLE((piece.length << 3) | (at + size >= input.length ? 1 : 0), 0, 3);
    blocks.push(block, piece);
  }
  return new Uint8Array(Buffer.concat(blocks));
}
