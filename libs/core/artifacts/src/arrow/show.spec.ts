// What `show` prints of our files and of others', and that it reads no more than it prints.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as arrow from 'apache-arrow';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withArrowFile } from './arrow-file.js';
import { defineTable } from './schema.js';
import { renderTable, tableAsJson } from './show.js';
import { writeTable } from './write-table.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'show-'));
  file = join(folder, 'table.arrow');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const harbour = defineTable({
  name: 'harbour',
  version: 2,
  description: 'Ships and their tides',
  columns: [
    { name: 'ship', type: 'utf8', description: 'its name' },
    { name: 'depth', type: 'float32', unit: 'm', description: 'of water' },
    { name: 'seen', type: 'int64', nullable: true, description: 'how often' },
    { name: 'tides', type: 'list<float64>', unit: 'h', description: 'times of high water' },
    { name: 'afloat', type: 'bool', description: 'or aground' },
  ],
  metadataKeys: ['port'],
});

async function writeHarbour(): Promise<void> {
  await writeTable(
    file,
    harbour,
    {
      ship: ['Möwe', `tab\tand bell\u0007 ${'x'.repeat(80)}`, 'Ente'],
      depth: Float32Array.of(0.1, 2, NaN),
      seen: [2n ** 60n, null, 7n],
      tides: { offsets: Int32Array.of(0, 6, 6, 8), values: Float64Array.of(1, 2.5, 3, 4, 5, 6, 7, 8) },
      afloat: Uint8Array.of(1, 0, 1),
    },
    { port: 'Husum' },
    { batchBytes: 64 },
  );
}

test('text for people', async () => {
  await writeHarbour();
  const long = `tab\\tand bell\\u0007 ${'x'.repeat(39)}…`;
  expect(await renderTable(file, { limit: 2 })).toBe(
    [
      'harbour version 2: Ships and their tides',
      '3 rows in 3 record batches',
      '',
      'metadata',
      '  port  Husum',
      '',
      'columns',
      '  ship    utf8                 its name',
      '  depth   float32, in m        of water',
      '  seen    int64, nullable      how often',
      '  tides   list<float64>, in h  times of high water',
      '  afloat  bool                 or aground',
      '',
      'the first 2 rows',
      `  ${'ship'.padEnd(60)}  depth  seen                 tides                       afloat`,
      `  ${'Möwe'.padEnd(60)}  0.1    1152921504606846976  [1, 2.5, 3, 4, … 6 in all]  true`,
      `  ${long}  2      null                 []                          false`,
      '',
    ].join('\n'),
  );
});

test('JSON for programs', async () => {
  await writeHarbour();
  const json = await tableAsJson(file);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  expect(json).toEqual({
    schema: { name: 'harbour', version: 2, description: 'Ships and their tides' },
    rows: 3,
    batches: 3,
    metadata: { port: 'Husum' },
    columns: [
      { name: 'ship', type: 'utf8', nullable: false, description: 'its name' },
      { name: 'depth', type: 'float32', unit: 'm', nullable: false, description: 'of water' },
      { name: 'seen', type: 'int64', nullable: true, description: 'how often' },
      {
        name: 'tides',
        type: 'list<float64>',
        unit: 'h',
        nullable: false,
        description: 'times of high water',
      },
      { name: 'afloat', type: 'bool', nullable: false, description: 'or aground' },
    ],
    data: [
      {
        ship: 'Möwe',
        depth: Math.fround(0.1),
        seen: '1152921504606846976',
        tides: [1, 2.5, 3, 4, 5, 6],
        afloat: true,
      },
      { ship: `tab\tand bell\u0007 ${'x'.repeat(80)}`, depth: 2, seen: null, tides: [], afloat: false },
      { ship: 'Ente', depth: 'NaN', seen: 7, tides: [7, 8], afloat: true },
    ],
  });
});

test('an empty table and a limit of 0 have no rows to show', async () => {
  await writeHarbour();
  expect((await tableAsJson(file, { limit: 0 })).data).toEqual([]);
  const empty = defineTable({
    name: 'empty',
    version: 1,
    description: 'nothing',
    columns: [{ name: 'n', type: 'int32', description: '' }],
  });
  await writeTable(file, empty, { n: new Int32Array() });
  expect(await renderTable(file)).toBe(
    'empty version 1: nothing\n0 rows in 0 record batches\n\ncolumns\n  n  int32\n',
  );
});

test('files of others, with types that we do not write', async () => {
  const field = (name: string, type: arrow.DataType): arrow.Field => new arrow.Field(name, type, true);
  const inner = new arrow.Struct([field('x', new arrow.Int32()), field('y', new arrow.Utf8())]);
  const columns = {
    when: arrow.vectorFromArray([new Date(0), null, new Date(86_400_000)], new arrow.TimestampMillisecond()),
    word: arrow.vectorFromArray(
      ['ebb', 'flow', 'ebb'],
      new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
    ),
    pair: arrow.vectorFromArray([{ x: 1, y: 'a' }, null, { x: 2, y: 'b' }], inner),
    bytes: arrow.vectorFromArray([Uint8Array.of(0, 255), null, Uint8Array.of(7)], new arrow.Binary()),
    price: new arrow.Vector([
      arrow.makeData({
        type: new arrow.Decimal(2, 9, 128),
        length: 3,
        data: Uint32Array.of(125, 0, 0, 0, -5, -1, -1, -1, 0, 0, 0, 0),
      }),
    ]),
  };
  await writeFile(file, arrow.tableToIPC(new arrow.Table(columns), 'file'));
  const json = await tableAsJson(file);
  expect(json.schema).toBeNull();
  expect(json.data).toEqual([
    { when: '1970-01-01T00:00:00.000Z', word: 'ebb', pair: { x: 1, y: 'a' }, bytes: '00ff', price: '1.25' },
    { when: null, word: 'flow', pair: null, bytes: null, price: '-0.05' },
    { when: '1970-01-02T00:00:00.000Z', word: 'ebb', pair: { x: 2, y: 'b' }, bytes: '07', price: '0.00' },
  ]);
  const text = await renderTable(file);
  expect(text).toMatch(/^an Arrow file without a layerwise schema\n3 rows in 1 record batch\n/);
  expect(text).toMatch(/1970-01-02T00:00:00.000Z {2}ebb {3}\{"x":2,"y":"b"\} {2}07 {4} 0\.00/);
});

test('only the batches with the wanted rows are read', async () => {
  await writeHarbour();
  const sizes = await withArrowFile(file, (opened) => Promise.resolve(opened.batchRows));
  expect(sizes).toEqual([1, 1, 1]);
  const bytes = await readFile(file);
  const last = bytes.lastIndexOf(Buffer.from(Float64Array.of(7, 8).buffer));
  const offsets = bytes.lastIndexOf(Buffer.from(Int32Array.of(0, 2).buffer), last);
  // Whoever reads the last batch stumbles over this offset.
  bytes.writeInt32LE(-1, offsets);
  await writeFile(file, bytes);
  expect((await tableAsJson(file, { limit: 2 })).data).toHaveLength(2);
  await expect(tableAsJson(file, { limit: 3 })).rejects.toThrow(/record batch 2 cannot be read/);
});
