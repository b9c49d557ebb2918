// What goes into a table comes out of it: all types, any cut into record batches, and what the writer
// refuses.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { withArrowFile } from './arrow-file.js';
import { digestOfFile } from '../files/digest.js';
import { readTable } from './read-table.js';
import { defineTable, type ColumnsOf } from './schema.js';
import { writeTable } from './write-table.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tables-'));
  file = join(folder, 'table.arrow');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const everything = defineTable({
  name: 'everything',
  version: 3,
  description: 'a column of each type',
  columns: [
    { name: 'i32', type: 'int32', unit: 'tokens', description: 'whole numbers' },
    { name: 'i64', type: 'int64', description: 'large whole numbers' },
    { name: 'u8', type: 'uint8', description: 'bytes' },
    { name: 'f32', type: 'float32', description: 'numbers' },
    { name: 'f64', type: 'float64', unit: 's', description: 'precise numbers' },
    { name: 'flag', type: 'bool', description: 'yes or no' },
    { name: 'text', type: 'utf8', description: 'texts' },
    { name: 'maybeI32', type: 'int32', nullable: true, description: 'whole numbers or none' },
    { name: 'maybeI64', type: 'int64', nullable: true, description: 'large whole numbers or none' },
    { name: 'maybeF64', type: 'float64', nullable: true, description: 'numbers or none' },
    { name: 'maybeFlag', type: 'bool', nullable: true, description: 'yes, no or unknown' },
    { name: 'maybeText', type: 'utf8', nullable: true, description: 'texts or none' },
    { name: 'ids', type: 'list<int32>', description: 'lists of whole numbers' },
    { name: 'losses', type: 'list<float32>', description: 'lists of numbers' },
    { name: 'rates', type: 'list<float64>', description: 'lists of precise numbers' },
    { name: 'words', type: 'list<utf8>', description: 'lists of texts' },
    { name: 'vector', type: 'fixed_size_list<float32>', description: 'vectors of one length' },
  ],
});
type Everything = ColumnsOf<typeof everything.columns>;

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const float32 = fc.float().map(Math.fround);
const text = fc.string({ unit: 'binary', maxLength: 12 });
const vectorSize = 3;

/** A row of each column; rows are then laid end to end. */
const row = fc.record({
  i32: int32,
  i64: int64,
  u8: fc.nat(255),
  f32: float32,
  f64: fc.double(),
  flag: fc.boolean(),
  text,
  maybeI32: fc.option(int32),
  maybeI64: fc.option(int64),
  maybeF64: fc.option(fc.double()),
  maybeFlag: fc.option(fc.boolean()),
  maybeText: fc.option(text),
  ids: fc.array(int32, { maxLength: 4 }),
  losses: fc.array(float32, { maxLength: 4 }),
  rates: fc.array(fc.double(), { maxLength: 4 }),
  words: fc.array(text, { maxLength: 4 }),
  vector: fc.array(float32, { minLength: vectorSize, maxLength: vectorSize }),
});
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

function offsetsOf(lists: readonly (readonly unknown[])[]): Int32Array {
  let total = 0;
  return Int32Array.from([[], ...lists], (list) => (total += list.length));
}

function columnsOf(rows: readonly Row[]): Everything {
  return {
    i32: Int32Array.from(rows, (r) => r.i32),
    i64: BigInt64Array.from(rows, (r) => r.i64),
    u8: Uint8Array.from(rows, (r) => r.u8),
    f32: Float32Array.from(rows, (r) => r.f32),
    f64: Float64Array.from(rows, (r) => r.f64),
    flag: Uint8Array.from(rows, (r) => Number(r.flag)),
    text: rows.map((r) => r.text),
    maybeI32: rows.map((r) => r.maybeI32),
    maybeI64: rows.map((r) => r.maybeI64),
    maybeF64: rows.map((r) => r.maybeF64),
    maybeFlag: rows.map((r) => r.maybeFlag),
    maybeText: rows.map((r) => r.maybeText),
    ids: { offsets: offsetsOf(rows.map((r) => r.ids)), values: Int32Array.from(rows.flatMap((r) => r.ids)) },
    losses: {
      offsets: offsetsOf(rows.map((r) => r.losses)),
      values: Float32Array.from(rows.flatMap((r) => r.losses)),
    },
    rates: {
      offsets: offsetsOf(rows.map((r) => r.rates)),
      values: Float64Array.from(rows.flatMap((r) => r.rates)),
    },
    words: { offsets: offsetsOf(rows.map((r) => r.words)), values: rows.flatMap((r) => r.words) },
    vector: { size: vectorSize, values: Float32Array.from(rows.flatMap((r) => r.vector)) },
  };
}

async function readEverything(): Promise<Record<string, unknown>> {
  const table = await readTable(file, everything);
  return Object.fromEntries(everything.columns.map(({ name }) => [name, table.column(name)]));
}

const encoded = (item: string): string => Buffer.from(item, 'utf8').toString('utf8');

/** UTF-8 has no lone surrogates; like every encoder, the writer puts U+FFFD in their place. */
function wellFormed(value: Everything): unknown {
  const fix = <T>(item: T): T | string => (typeof item === 'string' ? encoded(item) : item);
  return {
    ...value,
    text: value.text.map(fix),
    maybeText: value.maybeText.map(fix),
    words: { ...value.words, values: value.words.values.map(fix) },
  };
}

test('any rows come back, however they are cut into batches, and apache-arrow alone agrees', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 20 }),
      fc.integer({ min: 1, max: 2000 }),
      async (rows, batchBytes) => {
        const columns = columnsOf(rows);
        const written = await writeTable(file, everything, columns, {}, { batchBytes });
        expect(written.rows).toBe(rows.length);
        expect(await readEverything()).toEqual(wellFormed(columns));

        const independent = tableFromIPC(await readFile(file));
        expect(independent.numRows).toBe(rows.length);
        expect(independent.getChild('i64')?.toArray() ?? new BigInt64Array()).toEqual(columns.i64);
        expect([...(independent.getChild('maybeText') ?? [])]).toEqual(
          columns.maybeText.map((t) => (t === null ? null : encoded(t))),
        );
        expect([...(independent.getChild('words') ?? [])].map((list: Iterable<string>) => [...list])).toEqual(
          rows.map((r) => r.words.map(encoded)),
        );
      },
    ),
    { numRuns: 60 },
  );
});

describe('record batches', () => {
  const numbers = defineTable({
    name: 'numbers',
    version: 1,
    description: 'numbers and texts',
    columns: [
      { name: 'value', type: 'float64', description: 'numbers' },
      { name: 'text', type: 'utf8', description: 'texts' },
    ],
  });
  const rows = 1000;
  const columns = {
    value: Float64Array.from({ length: rows }, (_, i) => i / 7),
    text: Array.from({ length: rows }, (_, i) => '·'.repeat(i % 9)),
  };
  const batchSizes = (): Promise<readonly number[]> =>
    withArrowFile(file, (arrow) => Promise.resolve(arrow.batchRows));

  test('are as few as the limit allows, and none exceeds it', async () => {
    await writeTable(file, numbers, columns);
    expect(await batchSizes()).toEqual([rows]);
    const limit = 700;
    await writeTable(file, numbers, columns, {}, { batchBytes: limit });
    const sizes = await batchSizes();
    expect(sizes.length).toBeGreaterThan(20);
    await withArrowFile(file, async (arrow) => {
      for (let i = 0; i < sizes.length; i++) {
        const batch = await arrow.readBatch(i);
        const [value, text] = batch.data.children;
        const bytes = (value?.byteLength ?? 0) + (text?.byteLength ?? 0);
        expect(bytes).toBeLessThanOrEqual(limit);
        // No batch but the last could have taken another ten rows.
        if (i + 1 < sizes.length) expect(bytes).toBeGreaterThan(limit - 10 * (8 + 4 + 16 + 2));
      }
    });
    const table = await readTable(file, numbers);
    expect(table.column('value')).toEqual(columns.value);
    expect(table.column('text')).toEqual(columns.text);
  });

  test('give a row that exceeds the limit a batch of its own', async () => {
    const long = { value: Float64Array.of(1, 2, 3), text: ['a', 'b'.repeat(5000), 'c'] };
    await writeTable(file, numbers, long, {}, { batchBytes: 100 });
    expect(await batchSizes()).toEqual([1, 1, 1]);
    expect((await readTable(file, numbers)).column('text')).toEqual(long.text);
  });

  test('of a file with one are read without copying, of one with several into one array', async () => {
    await writeTable(file, numbers, columns);
    const one = (await readTable(file, numbers)).column('value');
    expect(one.buffer.byteLength).toBeGreaterThan(one.byteLength);
    await writeTable(file, numbers, columns, {}, { batchBytes: 4000 });
    const table = await readTable(file, numbers);
    const several = table.column('value');
    expect(several.buffer.byteLength).toBe(several.byteLength);
    expect(table.column('value')).toBe(several);
  });
});

test('the file declares its schema, and the writer returns its digest and size', async () => {
  const columns = columnsOf([]);
  const written = await writeTable(file, everything, columns, { encoder: 'tiny' });
  const bytes = await readFile(file);
  expect(written).toEqual({
    file: 'table.arrow',
    digest: await digestOfFile(file),
    bytes: bytes.length,
    rows: 0,
  });
  const { schema } = tableFromIPC(bytes);
  expect(Object.fromEntries(schema.metadata)).toEqual({
    'layerwise.schema': 'everything',
    'layerwise.version': '3',
    'layerwise.description': 'a column of each type',
    'layerwise.rows': '0',
    encoder: 'tiny',
  });
  expect(Object.fromEntries(schema.fields[4]?.metadata ?? [])).toEqual({
    description: 'precise numbers',
    unit: 's',
  });
  expect(await readEverything()).toEqual(columns);
  expect((await readTable(file, everything)).metadata).toEqual({ encoder: 'tiny' });
  expect(await readdir(folder)).toEqual(['table.arrow']);
});

describe('the writer refuses, and leaves no file:', () => {
  const small = defineTable({
    name: 'small',
    version: 1,
    description: 'two columns',
    columns: [
      { name: 'a', type: 'int32', description: 'numbers' },
      { name: 'b', type: 'list<utf8>', description: 'texts' },
      { name: 'c', type: 'uint8', nullable: true, description: 'small numbers or none' },
    ],
    metadataKeys: ['labels'],
  });
  const good = {
    a: Int32Array.of(1, 2),
    b: { offsets: Int32Array.of(0, 1, 1), values: ['x'] },
    c: [1, null],
  };
  const metadata = { labels: '[]' };
  const cases: readonly (readonly [string, Record<string, unknown>, Record<string, string>, RegExp])[] = [
    ['a missing column', { a: good.a, b: good.b }, metadata, /column c .*missing/],
    ['an unknown column', { ...good, d: good.a }, metadata, /no column d/],
    [
      'columns of different lengths',
      { ...good, a: Int32Array.of(1) },
      metadata,
      /column b has 2 rows, a has 1/,
    ],
    ['another array type', { ...good, a: [1, 2] }, metadata, /column a \(int32\): it needs a Int32Array/],
    [
      'a null where none is declared',
      { ...good, b: { ...good.b, values: [null] } },
      metadata,
      /row 0 is not a string/,
    ],
    [
      'falling offsets',
      { ...good, b: { ...good.b, offsets: Int32Array.of(0, 2, 1) } },
      metadata,
      /offset 2 is 1/,
    ],
    [
      'offsets that end elsewhere',
      { ...good, b: { ...good.b, values: ['x', 'y'] } },
      metadata,
      /end at 1, but there are 2/,
    ],
    ['a number out of range', { ...good, c: [256, null] }, metadata, /row 0, 256, is out of range/],
    ['missing metadata', good, {}, /needs the metadata labels/],
    ['reserved metadata', good, { ...metadata, 'layerwise.rows': '7' }, /layerwise\.rows is reserved/],
  ];
  test.each(cases)('%s', async (_, columns, given, message) => {
    // Through `unknown`: the types would refuse all of this at compile time.
    const write = writeTable as unknown as (...parameters: readonly unknown[]) => Promise<unknown>;
    await expect(write(file, small, columns, given)).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
    await expect(write(file, small, good, metadata)).resolves.toBeDefined();
  });
});

test('a declaration that contradicts itself is refused', () => {
  const column = { name: 'a', type: 'int32', description: '' } as const;
  const table = { name: 't', version: 1, description: '' };
  expect(() => defineTable({ ...table, columns: [column, column] })).toThrow(/two columns are called a/);
  expect(() => defineTable({ ...table, version: 0, columns: [column] })).toThrow(/version/);
  expect(() =>
    defineTable({ ...table, columns: [{ ...column, type: 'list<int32>', nullable: true }] }),
  ).toThrow(/nullable/);
  expect(() => defineTable({ ...table, columns: [column], metadataKeys: ['layerwise.x'] })).toThrow(
    /reserved/,
  );
});

test('types follow from the declaration', () => {
  expectTypeOf<Everything['i64']>().toEqualTypeOf<BigInt64Array>();
  expectTypeOf<Everything['maybeText']>().toEqualTypeOf<readonly (string | null)[]>();
  expectTypeOf<Everything['vector']['values']>().toEqualTypeOf<Float32Array>();
});
