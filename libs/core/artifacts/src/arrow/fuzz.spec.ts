// Any bytes at all: each way of reading them succeeds or fails with an InputError of one sentence, never
// otherwise.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Decimal,
  Dictionary,
  Field,
  Int32,
  List,
  makeData,
  Null,
  Struct,
  Table,
  tableToIPC,
  TimestampMillisecond,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { InputError } from '@layerwise/errors';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeManifest } from '../stages/manifest.js';
import { readTable } from './read-table.js';
import { columns, lessons } from '../../test/lessons.js';
import { renderTable, tableAsJson } from './show.js';
import { writeTable } from './write-table.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  file = join(folder, 'table.arrow');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = (): Promise<unknown> =>
  writeTable(file, lessons, columns, { origin: 'harbour' }, { batchBytes: 70 });

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
    if (!(outcome instanceof InputError)) throw new Error('not an InputError', { cause: outcome });
    expect(outcome.message.startsWith(folder)).toBe(true);
    expect(outcome.message).not.toContain('\n');
  }
}

test('random bytes, with and without the marks of an Arrow file, get their sentence', async () => {
  const bytes = fc.uint8Array({ maxLength: 400 });
  const marked = bytes.map((middle) =>
    Buffer.concat([Buffer.from('ARROW1\0\0'), middle, Buffer.from('ARROW1')]),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(bytes, marked), async (contents) => {
      await writeFile(file, contents);
      await expect(readTable(file, lessons)).rejects.toThrow(InputError);
      await readEveryWay();
    }),
    { numRuns: 150 },
  );
});

// Footer and message headers are a few hundred bytes of which each matters, so every mutation has a good
// chance to hit.
test('mutated files are read or get their sentence', async () => {
  await write();
  await fuzzMutations(await readFile(file), 400);
});

test('so do mutated files of others, with types that we do not write', async () => {
  const inner = new Struct([new Field('x', new Int32(), true), new Field('y', new Utf8(), true)]);
  const strange = new Table({
    when: vectorFromArray([new Date(0), null], new TimestampMillisecond()),
    word: vectorFromArray(['lee', 'luff'], new Dictionary(new Utf8(), new Int32())),
    pair: vectorFromArray([{ x: 1, y: 'a' }, null], inner),
    lists: vectorFromArray(
      [[[1], []], null],
      new List(new Field('item', new List(new Field('item', new Int32())))),
    ),
    price: new Vector([
      makeData({ type: new Decimal(2, 9, 128), length: 2, data: new Uint32Array(8).fill(7) }),
    ]),
    nothing: new Vector([makeData({ type: new Null(), length: 2 })]),
  });
  const contents = tableToIPC(strange, 'file');
  await writeFile(file, contents);
  await renderTable(file);
  await fuzzMutations(contents, 400);
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
