// What the reader refuses: each with an InputError of one sentence that names the file, and nothing else.
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Int32,
  makeData,
  Null,
  RecordBatch,
  Schema,
  Struct,
  Field,
  RecordBatchFileWriter,
  tableFromArrays,
  tableToIPC,
} from 'apache-arrow';
import fc from 'fast-check';
import { InputError } from '@layerwise/errors';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAnyTable } from './any-table.js';
import { currentVersions, writeManifest, type OutputDigest } from './manifest.js';
import { readTable } from './read-table.js';
import { defineTable, type ColumnsOf } from './schema.js';
import { renderTable, tableAsJson } from './show.js';
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

const declaration = {
  name: 'lessons',
  version: 2,
  description: 'short sentences with a number and a list',
  columns: [
    { name: 'id', type: 'int32', description: 'number' },
    { name: 'text', type: 'utf8', nullable: true, description: 'sentence' },
    { name: 'tokens', type: 'list<int32>', description: 'ids' },
    { name: 'words', type: 'list<utf8>', description: 'words' },
    { name: 'vector', type: 'fixed_size_list<float32>', description: 'embedding' },
    { name: 'kept', type: 'bool', description: 'whether it stays' },
  ],
} as const;
const lessons = defineTable(declaration);
const columns: ColumnsOf<typeof lessons.columns> = {
  id: Int32Array.of(7, 8, 9),
  text: ['the tide is out', null, 'gulls walk — slowly'],
  tokens: { offsets: Int32Array.of(0, 2, 2, 5), values: Int32Array.of(1, 2, 3, 4, 5) },
  words: { offsets: Int32Array.of(0, 1, 3, 3), values: ['tide', 'é', ''] },
  vector: { size: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  kept: Uint8Array.of(1, 0, 1),
};
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

/** Reads `file` in every way there is; each must succeed or fail with its sentence. */
async function readEveryWay(): Promise<void> {
  const ways = [
    async () => {
      const table = await readTable(file, lessons);
      for (const { name } of lessons.columns) table.column(name);
    },
    () => renderTable(file),
    async () => JSON.stringify(await tableAsJson(file)),
  ];
  for (const way of ways) {
    const outcome = await way().then(
      () => null,
      (error: unknown) => error,
    );
    if (outcome === null) continue;
    if (!(outcome instanceof InputError)) throw outcome;
    expect(outcome.message.startsWith(folder)).toBe(true);
    expect(outcome.message).not.toContain('\n');
  }
}

describe('fuzz', () => {
  test('random bytes, with and without the marks of an Arrow file, get their sentence', async () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    const marked = bytes.map((middle) =>
      Buffer.concat([Buffer.from('ARROW1\0\0'), middle, Buffer.from('ARROW1')]),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, marked), async (contents) => {
        await writeFile(file, contents);
        await sentence(readTable(file, lessons));
        await readEveryWay();
      }),
      { numRuns: 150 },
    );
  });

  // Footer and message headers are a few hundred bytes of which each matters, so every mutation has a good chance to hit.
  test('mutated files are read or get their sentence', async () => {
    await write();
    await fuzzMutations(await readFile(file), 400);
  });

  test('so do mutated files of others, with types that we do not write', async () => {
    const strange = tableFromArrays({ when: [new Date(0), new Date(1e12)], name: ['lee', 'luff'] });
    const schema = new Schema([new Field('nothing', new Null(), true)]);
    const nothing = new RecordBatch(
      schema,
      makeData({
        type: new Struct(schema.fields),
        length: 2,
        children: [makeData({ type: new Null(), length: 2 })],
      }),
    );
    for (const contents of [
      tableToIPC(strange, 'file'),
      await RecordBatchFileWriter.writeAll([nothing]).toUint8Array(),
    ]) {
      await writeFile(file, contents);
      await renderTable(file);
      await fuzzMutations(Buffer.from(contents), 150);
    }
  });

  test('a manifest changed anyhow is read or gets its sentence', async () => {
    const { file: name, digest, bytes } = await writeTable(file, lessons, columns);
    await writeManifest(folder, {
      stage: 's',
      stageVersion: 1,
      parameters: { a: [1, null] },
      seed: 1,
      inputs: [],
      outputs: [{ file: name, digest, bytes }],
      versions: {},
      started: new Date(0).toISOString(),
      durationSeconds: 0,
    });
    const manifest = await readFile(join(folder, 'manifest.json'));
    await fc.assert(
      fc.asyncProperty(mutations(manifest), async (changes) => {
        await writeFile(join(folder, 'manifest.json'), mutated(manifest, changes));
        await readEveryWay();
      }),
      { numRuns: 100 },
    );
  });
});

/** One to four bytes to change; half of the places are in the last third, where the footer is. */
function mutations(whole: Uint8Array): fc.Arbitrary<[at: number, byte: number][]> {
  const { length } = whole;
  const place = fc.oneof(
    fc.nat(length - 1),
    fc.integer({ min: Math.floor((length * 2) / 3), max: length - 1 }),
  );
  const value = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
  return fc.array(fc.tuple(place, value), { minLength: 1, maxLength: 4 });
}

function mutated(whole: Uint8Array, changes: readonly (readonly [at: number, byte: number])[]): Uint8Array {
  const changed = Uint8Array.from(whole);
  for (const [at, byte] of changes) changed[at] = byte;
  return changed;
}

async function fuzzMutations(whole: Uint8Array, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(mutations(whole), async (changes) => {
      await writeFile(file, mutated(whole, changes));
      await readEveryWay();
    }),
    { numRuns },
  );
}
