// What the reader refuses: each with an InputError of one sentence that names the file, and nothing else.
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Field,
  RecordBatchFileWriter,
  tableFromArrays,
  tableToIPC,
} from 'apache-arrow';
import { InputError } from '@layerwise/errors';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAnyTable } from './any-table.js';
import { currentVersions, writeManifest, type OutputDigest } from '../stages/manifest.js';
import { readTable } from './read-table.js';
import { columns, declaration, lessons } from '../../test/lessons.js';
import { defineTable } from './schema.js';
import { writeTable } from './write-table.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refusals-'));
  file = join(folder, 'table.arrow');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = (): Promise<unknown> =>
  writeTable(file, lessons, columns, { origin: 'harbour' }, { batchBytes: 70 });

/** The message of the InputError with which `work` fails; any other outcome is a test failure. */
async function sentence(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  const { message } = error as InputError;
  expect(message).toContain(folder);
  expect(message).not.toContain('\n');
  return message;
}

describe('not an Arrow file', () => {
  test('no file', async () => {
    expect(await sentence(readTable(file, lessons))).toMatch(/does not exist/);
  });
  test('a folder', async () => {
    await mkdir(file);
    expect(await sentence(readTable(file, lessons))).toMatch(/is a folder/);
  });
  test('text', async () => {
    await writeFile(file, 'index,text\n1,none of this is Arrow\n');
    expect(await sentence(readTable(file, lessons))).toMatch(/is not an Arrow IPC file/);
  });
  test('an Arrow stream', async () => {
    await writeFile(file, tableToIPC(tableFromArrays({ id: columns.id }), 'stream'));
    expect(await sentence(readTable(file, lessons))).toMatch(/is an Arrow IPC stream/);
  });
});

test('a file cut at any byte is refused, by the reader and by show', async () => {
  await write();
  const whole = await readFile(file);
  for (let length = 0; length < whole.length; length += length < 64 ? 1 : 37) {
    await writeFile(file, whole.subarray(0, length));
    expect(await sentence(readTable(file, lessons))).toMatch(/is not an Arrow IPC file|is cut off/);
    await sentence(readAnyTable(file, 10));
  }
  await writeFile(file, whole.subarray(0, -1));
  expect(await sentence(readTable(file, lessons))).toMatch(/is cut off/);
});

test('bytes missing from or added to the middle are refused', async () => {
  await write();
  const whole = await readFile(file);
  for (const at of [40, 600, 1200, 1800]) {
    await writeFile(file, Buffer.concat([whole.subarray(0, at), whole.subarray(at + 8)]));
    await sentence(readTable(file, lessons));
    await writeFile(file, Buffer.concat([whole.subarray(0, at), Buffer.alloc(8), whole.subarray(at)]));
    await sentence(readTable(file, lessons));
  }
});

describe('another schema', () => {
  const variant = (change: object): ReturnType<typeof defineTable> =>
    defineTable({ ...declaration, ...change });
  test.each([
    [
      'another name',
      { name: 'lectures' },
      /should be a table lectures version 2, but it is lessons version 2/,
    ],
    ['another version', { version: 3 }, /should be a table lessons version 3, but it is lessons version 2/],
    [
      'a missing column',
      { columns: [...declaration.columns, { name: 'pair', type: 'utf8', description: '' }] },
      /it has no column pair \(it has id, text,/,
    ],
    [
      'an extra column',
      { columns: declaration.columns.slice(1) },
      /has a column id that does not belong there/,
    ],
    [
      'another type',
      { columns: [{ name: 'id', type: 'int64', description: '' }, ...declaration.columns.slice(1)] },
      /its column id is int32 instead of int64/,
    ],
    [
      'another list type',
      {
        columns: declaration.columns.map((column) =>
          column.name === 'tokens' ? { ...column, type: 'list<float32>' } : column,
        ),
      },
      /its column tokens is list<int32> instead of list<float32>/,
    ],
    [
      'undeclared nulls',
      { columns: declaration.columns.map((column) => ({ ...column, nullable: false })) },
      /column text \(utf8\) has 1 nulls, but none are allowed/,
    ],
    ['a missing metadata key', { metadataKeys: ['labels'] }, /its metadata lack labels/],
  ])('%s', async (_, change, message) => {
    await write();
    expect(await sentence(readTable(file, variant(change)))).toMatch(message);
  });

  test('somebody else’s file', async () => {
    await writeFile(file, tableToIPC(tableFromArrays({ id: columns.id }), 'file'));
    expect(await sentence(readTable(file, lessons))).toMatch(/that layerwise did not write/);
  });

  test('two columns of one name', async () => {
    const fields = [1, 2].map(() => new Field('id', new Int32(), false));
    const metadata = new Map([
      ['layerwise.schema', 'ids'],
      ['layerwise.version', '1'],
      ['layerwise.rows', '1'],
    ]);
    const schema = new Schema(fields, metadata);
    const children = fields.map(() => makeData({ type: new Int32(), length: 1, data: Int32Array.of(1) }));
    const batch = new RecordBatch(schema, makeData({ type: new Struct(fields), length: 1, children }));
    await writeFile(file, await RecordBatchFileWriter.writeAll([batch]).toUint8Array());
    const ids = defineTable({ name: 'ids', version: 1, description: '', columns: [declaration.columns[0]] });
    expect(await sentence(readTable(file, ids))).toMatch(/more than one column id/);
  });
});

test('a file that lost a record batch is refused although its footer is well-formed', async () => {
  // Of three rows the metadata speak, of two the batches.
  await writeTable(file, lessons, columns, {});
  const bytes = await readFile(file);
  const rows = Buffer.from('layerwise.rows');
  for (let at = bytes.indexOf(rows); at >= 0; at = bytes.indexOf(rows, at + 1)) {
    // The value is the flatbuffer string "3" after or before the key; change every lone "3" of length 1.
    for (let i = at - 40; i < at + 60; i++) {
      if (bytes.readUInt32LE(i) === 1 && bytes[i + 4] === 0x33 && bytes[i + 5] === 0) bytes[i + 4] = 0x34;
    }
  }
  await writeFile(file, bytes);
  expect(await sentence(readTable(file, lessons))).toMatch(/its batches hold 3 rows, its metadata says 4/);
  expect(await sentence(readAnyTable(file, 1))).toMatch(/its batches hold 3 rows/);
});

describe('with a manifest beside it', () => {
  const manifestOf = (outputs: OutputDigest[]): Promise<void> =>
    writeManifest(folder, {
      stage: 'lessons',
      stageVersion: 1,
      parameters: {},
      seed: null,
      inputs: [],
      outputs,
      versions: currentVersions(),
      started: new Date(0).toISOString(),
      durationSeconds: 0,
    });

  test('a flipped bit is refused that the format alone would not show', async () => {
    const { file: name, digest, bytes } = await writeTable(file, lessons, columns);
    await manifestOf([{ file: name, digest, bytes }]);
    expect((await readTable(file, lessons)).rows).toBe(3);
    const contents = await readFile(file);
    const at = contents.indexOf(Buffer.from('tide'));
    contents[at] = 0x54;
    await writeFile(file, contents);
    expect(await sentence(readTable(file, lessons))).toMatch(
      /has the digest [0-9a-f]{64} where manifest\.json beside it says [0-9a-f]{64}/,
    );
    await rm(join(folder, 'manifest.json'));
    expect((await readTable(file, lessons)).column('text')[0]).toBe('the Tide is out');
  });

  test('a file in one of its output folders is compared too; a foreign manifest.json up there is none', async () => {
    const below = join(folder, 'original', 'table.arrow');
    const { digest, bytes } = await writeTable(below, lessons, columns);
    await manifestOf([{ file: 'original/table.arrow', digest, bytes }]);
    expect((await readTable(below, lessons)).rows).toBe(3);
    const contents = await readFile(below);
    contents[contents.indexOf(Buffer.from('tide'))] = 0x54;
    await writeFile(below, contents);
    expect(await sentence(readTable(below, lessons))).toMatch(
      /table\.arrow has the digest [0-9a-f]{64} where manifest\.json above it says [0-9a-f]{64}/,
    );
    await writeFile(join(folder, 'manifest.json'), '{"name":"a web page"}');
    expect((await readTable(below, lessons)).rows).toBe(3);
  });

  test('another size, a missing digest field and a manifest that is no JSON are refused', async () => {
    const { digest, bytes } = await writeTable(file, lessons, columns);
    await manifestOf([{ file: 'table.arrow', digest, bytes: bytes + 1 }]);
    expect(await sentence(readTable(file, lessons))).toMatch(
      /has \d+ bytes where manifest\.json beside it says/,
    );
    await writeFile(join(folder, 'manifest.json'), '{"stage":"lessons"}');
    expect(await sentence(readTable(file, lessons))).toMatch(
      /manifest\.json is not a manifest: stageVersion/,
    );
    await writeFile(join(folder, 'manifest.json'), '{');
    expect(await sentence(readTable(file, lessons))).toMatch(/manifest\.json is not JSON/);
  });

  test('a file that the manifest does not list is read', async () => {
    await writeTable(file, lessons, columns);
    await manifestOf([]);
    await appendFile(join(folder, 'notes.txt'), 'not an output');
    expect((await readTable(file, lessons)).rows).toBe(3);
  });
});
