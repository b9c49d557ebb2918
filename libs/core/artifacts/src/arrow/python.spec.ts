// pyarrow and polars read what we write, and we show what they write. Needs a Python that has both: the one
// in LAYERWISE_PYTHON, or `python3`;
// without it the tests are skipped and say so.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defineTable } from './schema.js';
import { tableAsJson } from './show.js';
import { writeTable } from './write-table.js';

const python = process.env.LAYERWISE_PYTHON ?? 'python3';
const found = spawnSync(python, ['-c', 'import pyarrow, polars'], { stdio: 'ignore' }).status === 0;
if (!found)
  console.warn(`skipped: ${python} cannot import pyarrow and polars; set LAYERWISE_PYTHON to one that can`);

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'python-'));
  file = join(folder, 'table.arrow');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const run = (program: string): unknown =>
  JSON.parse(execFileSync(python, ['-c', program, file], { encoding: 'utf8', maxBuffer: 1 << 26 }));

const everything = defineTable({
  name: 'everything',
  version: 3,
  description: 'a column of each type',
  columns: [
    { name: 'i32', type: 'int32', unit: 'tokens', description: 'whole numbers' },
    { name: 'i64', type: 'int64', description: 'large whole numbers' },
    { name: 'u8', type: 'uint8', description: 'bytes' },
    { name: 'f32', type: 'float32', description: 'numbers' },
    { name: 'f64', type: 'float64', description: 'precise numbers' },
    { name: 'flag', type: 'bool', description: 'yes or no' },
    { name: 'text', type: 'utf8', description: 'texts' },
    { name: 'maybe', type: 'float64', nullable: true, description: 'numbers or none' },
    { name: 'maybeText', type: 'utf8', nullable: true, description: 'texts or none' },
    { name: 'ids', type: 'list<int32>', description: 'lists' },
    { name: 'words', type: 'list<utf8>', description: 'lists of texts' },
    { name: 'vector', type: 'fixed_size_list<float32>', description: 'vectors' },
  ],
});

const rows = 500;
const indices = Array.from({ length: rows }, (_, i) => i);
const words = indices.map((i) => Array.from({ length: i % 4 }, (_, j) => `ж${i * j}`));
const ids = indices.map((i) => Array.from({ length: (i * 7) % 5 }, (_, j) => i - j * 1000));
const ends = (lists: readonly (readonly unknown[])[]): Int32Array => {
  let total = 0;
  return Int32Array.from([[], ...lists], (list) => (total += list.length));
};
/** The same rows as plain values, to compare with what Python prints as JSON. */
const plain = {
  i32: indices.map((i) => (i % 2 === 0 ? i : -i) * 4_000_000),
  i64: indices.map((i) => i * 2 ** 40),
  u8: indices.map((i) => i % 256),
  f32: indices.map((i) => i / 8),
  f64: indices.map((i) => i / 7),
  flag: indices.map((i) => i % 3 === 0),
  text: indices.map((i) => `wave ${i} 🌊`.repeat(i % 3)),
  maybe: indices.map((i) => (i % 5 === 1 ? null : i / 3)),
  maybeText: indices.map((i) => (i % 7 === 2 ? null : `é${i}`)),
  ids,
  words,
  vector: indices.map((i) => [i, i + 0.5, -i]),
};

/** Batches small enough for a dozen of them, or all in one. */
const write = (batchBytes?: number): Promise<unknown> =>
  writeTable(
    file,
    everything,
    {
      ...plain,
      i32: Int32Array.from(plain.i32),
      i64: BigInt64Array.from(plain.i64, BigInt),
      u8: Uint8Array.from(plain.u8),
      f32: Float32Array.from(plain.f32),
      f64: Float64Array.from(plain.f64),
      flag: Uint8Array.from(plain.flag, Number),
      ids: { offsets: ends(ids), values: Int32Array.from(ids.flat()) },
      words: { offsets: ends(words), values: words.flat() },
      vector: { size: 3, values: Float32Array.from(plain.vector.flat()) },
    },
    { port: 'Husum' },
    batchBytes === undefined ? {} : { batchBytes },
  );

describe.skipIf(!found)('with Python', () => {
  test.each([undefined, 6000])('pyarrow reads values, types and metadata (batch limit %s)', async (limit) => {
    await write(limit);
    const read = run(`
import json, sys, pyarrow as pa
reader = pa.ipc.open_file(sys.argv[1])
table = reader.read_all()
table.validate(full=True)
stream = open(sys.argv[1], 'rb'); stream.seek(8)   # after the magic a file holds a stream
streamed = pa.ipc.open_stream(stream).read_all()
print(json.dumps({'rows': table.num_rows, 'batches': reader.num_record_batches, 'columns': table.to_pydict(),
  'streamed': streamed.equals(table),
  'types': [str(field.type) for field in table.schema], 'nullable': [field.nullable for field in table.schema],
  'unit': table.schema.field('i32').metadata[b'unit'].decode(),
  'metadata': {key.decode(): value.decode() for key, value in table.schema.metadata.items()}}))`);
    expect(read).toMatchObject({
      rows,
      columns: plain,
      streamed: true,
      types: [
        ...['int32', 'int64', 'uint8', 'float', 'double', 'bool', 'string', 'double', 'string'],
        ...[
          'list<item: int32 not null>',
          'list<item: string not null>',
          'fixed_size_list<item: float not null>[3]',
        ],
      ],
      nullable: everything.columns.map((column) => 'nullable' in column),
      unit: 'tokens',
      metadata: {
        'layerwise.schema': 'everything',
        'layerwise.version': '3',
        'layerwise.rows': String(rows),
        port: 'Husum',
      },
    });
    const { batches } = read as { batches: number };
    if (limit === undefined) expect(batches).toBe(1);
    else expect(batches).toBeGreaterThan(8);
  });

  test('polars reads the values', async () => {
    await write(6000);
    expect(
      run(`
import json, sys, polars as pl
frame = pl.read_ipc(sys.argv[1])
print(json.dumps({name: [list(v) if isinstance(v, pl.Series) else v for v in frame[name].to_list()] for name in frame.columns}))`),
    ).toEqual(plain);
  });

  test('an empty table is one for them too', async () => {
    const numbers = defineTable({
      name: 'n',
      version: 1,
      description: '',
      columns: [{ name: 'n', type: 'int32', description: '' }],
    });
    await writeTable(file, numbers, { n: new Int32Array() });
    expect(
      run(`
import json, sys, pyarrow as pa, polars as pl
print(json.dumps([pa.ipc.open_file(sys.argv[1]).read_all().num_rows, pl.read_ipc(sys.argv[1]).height]))`),
    ).toEqual([0, 0]);
  });

  test('we show what pyarrow and polars write', async () => {
    run(`
import sys, datetime, pyarrow as pa
table = pa.table({'n': [1, None, 3], 's': pa.array(['a', 'b', None]).dictionary_encode(), 'l': [[1.5], [], None],
  't': pa.array([datetime.datetime(2020, 1, 2, 3, 4, 5)] * 3, pa.timestamp('us')), 'd': pa.array(['x', None, 'longer than twelve bytes'], pa.string_view())})
with pa.ipc.new_file(sys.argv[1], table.schema) as writer:
  writer.write_table(table, max_chunksize=2)
print('null')`);
    const expected = [
      { n: 1, s: 'a', l: [1.5], t: '2020-01-02T03:04:05.000Z', d: 'x' },
      { n: null, s: 'b', l: [], t: '2020-01-02T03:04:05.000Z', d: null },
      { n: 3, s: null, l: null, t: '2020-01-02T03:04:05.000Z', d: 'longer than twelve bytes' },
    ];
    expect(await tableAsJson(file)).toMatchObject({ schema: null, rows: 3, batches: 2, data: expected });
    run(`
import sys, polars as pl
pl.DataFrame({'a': [1, 2], 's': ['x', 'y'], 'c': pl.Series(['u', 'v'], dtype=pl.Categorical), 'l': [[1, 2], []]}).write_ipc(sys.argv[1])
print('null')`);
    expect((await tableAsJson(file)).data).toEqual([
      { a: 1, s: 'x', c: 'u', l: [1, 2] },
      { a: 2, s: 'y', c: 'v', l: [] },
    ]);
  });

  test('compressed files are refused with what to do', async () => {
    run(`
import sys, pyarrow as pa, pyarrow.feather
pyarrow.feather.write_feather(pa.table({'n': list(range(1000))}), sys.argv[1])
print('null')`);
    await expect(tableAsJson(file)).rejects.toThrow(
      /has compressed record batches, .* write it without compression/,
    );
  });
});
