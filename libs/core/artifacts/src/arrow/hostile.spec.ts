// Files that are wrong in one chosen place, each of which would make an unguarded reader hang, crash or
// misread.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Decimal,
  Field,
  FixedSizeList,
  Int32,
  List,
  Map_,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
  type DataType,
} from 'apache-arrow';
import { InputError } from '@layerwise/errors';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkSchema } from './check-schema.js';
import { readTable } from './read-table.js';
import { defineTable } from './schema.js';
import { renderTable } from './show.js';
import { verifyFooter } from './verify-flatbuffer.js';
import { writeTable } from './write-table.js';

/** Milliseconds of processor time since then: how long a call is under way is other processes' affair too. */
function worked(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  file = join(folder, 'table.arrow');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const texts = defineTable({
  name: 'texts',
  version: 1,
  description: 'texts and lists',
  columns: [
    { name: 'text', type: 'utf8', description: 'texts' },
    { name: 'ids', type: 'list<int32>', description: 'lists' },
  ],
});
const [first, second] = ['aé', 'ebb'];
const offsets = Int32Array.of(0, 2, 3);

/** A valid file whose first occurrence of `search` after the schema becomes `replacement`. */
async function spoil(search: Uint8Array, replacement: Uint8Array): Promise<void> {
  await writeTable(file, texts, {
    text: [first, second],
    ids: { offsets, values: Int32Array.of(11, 12, 13) },
  });
  const bytes = await readFile(file);
  const body = bytes.indexOf(Buffer.from(first + second));
  // Buffers begin at multiples of 8, the offsets of the texts 16 bytes before the texts themselves.
  const at = bytes.indexOf(search, body - 16);
  expect(at).toBeGreaterThan(0);
  bytes.set(replacement, at);
  await writeFile(file, bytes);
}

const bytesOf = (...numbers: number[]): Uint8Array => new Uint8Array(Int32Array.from(numbers).buffer);

describe('a body is refused', () => {
  test.each([
    [
      'bytes that are not UTF-8',
      Buffer.from('ebb'),
      Buffer.from([0x65, 0xff, 0x62]),
      /column text \(utf8\) holds bytes that are not UTF-8/,
    ],
    [
      'a text that begins within a character',
      bytesOf(0, 3, 6),
      bytesOf(0, 2, 6),
      /has a text that begins within a character/,
    ],
    ['text offsets that go back', bytesOf(0, 3, 6), bytesOf(0, 7, 6), /an offset goes back from 7 to 6/],
    ['text offsets below 0', bytesOf(0, 3, 6), bytesOf(-1, 3, 6), /an offset goes back from 0 to -1/],
    [
      'text offsets beyond the texts',
      bytesOf(0, 3, 6),
      bytesOf(0, 3, 9),
      /a buffer has 6 bytes where its rows need 9/,
    ],
    [
      'list offsets beyond the list',
      bytesOf(0, 2, 3),
      bytesOf(0, 2, 4),
      /a list or struct has 3 values where its rows need 4/,
    ],
  ])('%s', async (_, search, replacement, message) => {
    await spoil(search, replacement);
    await expect(readTable(file, texts)).rejects.toThrow(InputError);
    await expect(readTable(file, texts)).rejects.toThrow(message);
  });
});

test('a text in a schema cannot steer the terminal or break the sentence', async () => {
  const sly = defineTable({ name: 'a\nb\u001b[31m', version: 1, description: '', columns: texts.columns });
  await writeTable(file, sly, { text: [], ids: { offsets: Int32Array.of(0), values: new Int32Array() } });
  await expect(readTable(file, texts)).rejects.toThrow(/but it is a\\nb\\u001b\[31m version 1$/);
  expect(await renderTable(file)).toMatch(/^a\\nb\\u001b\[31m version 1: \n/);
});

describe('a footer is refused', () => {
  const footer = async (): Promise<Buffer> => {
    await spoil(Buffer.from('ebb'), Buffer.from('ebb'));
    const bytes = await readFile(file);
    const length = bytes.readInt32LE(bytes.length - 10);
    return bytes.subarray(bytes.length - 10 - length, -10);
  };
  /** Every 32-bit word in turn set to a value: most break the footer, and each is answered at once. */
  test.each([0x7fffffff, -1, 0x10000000, 0])(
    'or harmless with any word set to %i, without delay',
    async (value) => {
      const whole = await footer();
      expect(() => {
        verifyFooter(whole);
      }).not.toThrow();
      let refused = 0;
      const before = process.cpuUsage();
      for (let at = 0; at + 4 <= whole.length; at += 4) {
        const changed = Buffer.from(whole);
        changed.writeInt32LE(value, at);
        try {
          verifyFooter(changed);
        } catch {
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(value === 0 ? 5 : whole.length / 16);
      expect(worked(before)).toBeLessThan(5000);
    },
  );

  test('that unfolds into more tables than it has bytes', () => {
    // Footer (slot 1) → schema (slot 1) → a field whose children (slot 5) are twice the same field, and so
    // on, 30 deep: 2^30 fields.
    const deep = 30;
    const [footerAt, schemaAt, fieldsAt] = [40, 48, 56];
    const bytes = Buffer.alloc(fieldsAt + 20 * (deep + 1));
    const vtable = (at: number, slots: number[]): void => {
      [4 + 2 * slots.length, 8, ...slots].forEach((entry, i) => bytes.writeUInt16LE(entry, at + 2 * i));
    };
    vtable(4, [0, 4]);
    vtable(12, [0, 0, 0, 0, 0, 4]);
    /** A table at `at` whose one field refers to the vector or table at `target`. */
    const table = (at: number, vtableAt: number, target: number): void => {
      bytes.writeInt32LE(at - vtableAt, at);
      bytes.writeUInt32LE(target - (at + 4), at + 4);
    };
    /** At `at`: a vector of two references to the table after it. */
    const twice = (at: number): void => {
      bytes.writeUInt32LE(2, at);
      bytes.writeUInt32LE(8, at + 4);
      bytes.writeUInt32LE(4, at + 8);
    };
    bytes.writeUInt32LE(footerAt, 0);
    table(footerAt, 4, schemaAt);
    table(schemaAt, 4, fieldsAt);
    for (let level = 0; level < deep; level++) {
      const at = fieldsAt + 20 * level;
      twice(at);
      table(at + 12, 12, at + 20);
    }
    const before = process.cpuUsage();
    expect(() => {
      verifyFooter(bytes);
    }).toThrow(/nested without end/);
    expect(worked(before)).toBeLessThan(1000);
    // The same three deep is as it should be, but for the budget.
    bytes.writeUInt32LE(0, fieldsAt + 20 * 3);
    expect(() => {
      verifyFooter(bytes);
    }).not.toThrow();
  });
});

describe('a schema is refused', () => {
  const field = (type: DataType, name = 'f'): Field => new Field(name, type, true);
  const int = field(new Int32(), 'x');
  const none = undefined as unknown as Field;
  test.each<[string, Field, RegExp]>([
    ['a column without a name', field(new Int32(), null as unknown as string), /a column has no name/],
    ['a list without items', field(new List(none)), /column f is a list of 0 types/],
    ['a vector without items', field(new FixedSizeList(3, none)), /column f is a list of 0 types/],
    [
      'a nested list without items',
      field(new Struct([field(new List(none), 'inner')])),
      /column inner is a list of 0/,
    ],
    ['a struct with two fields of one name', field(new Struct([int, int])), /two fields of one name/],
    [
      'a map of one column',
      field(new Map_(field(new Struct([int])) as never)),
      /a map without keys and values/,
    ],
    ['a decimal of a million digits', field(new Decimal(1_000_000, 38, 128)), /a decimal of too many digits/],
    [
      'metadata without a value',
      new Field('f', new Utf8(), true, new Map([['unit', null as unknown as string]])),
      /metadata unit have no value/,
    ],
  ])('%s', (_, wrong, message) => {
    expect(() => {
      checkSchema(new Schema([int, wrong], undefined, new Map()));
    }).toThrow(message);
    expect(() => {
      checkSchema(new Schema([int, field(new List(int)), field(new Decimal(2, 38, 128))]));
    }).not.toThrow();
  });

  test('when it stands in a file', async () => {
    const twice = vectorFromArray([{ x: 1 }], new Struct([int, int]));
    await writeFile(file, tableToIPC(new Table({ twice }), 'file'));
    await expect(renderTable(file)).rejects.toThrow(InputError);
    await expect(renderTable(file)).rejects.toThrow(
      /its footer cannot be read \(column twice is a struct with two fields/,
    );
  });
});
