/**
 * The bounds of the flatbuffers in an Arrow file, checked before apache-arrow decodes them. Its decoder
 * trusts every offset and count: a flipped bit makes it loop over billions of fields. Used by
 * `arrow-file.ts`.
 *
 * Tables and slots as in Arrow's File.fbs, Message.fbs and Schema.fbs
 * (https://github.com/apache/arrow/tree/main/format); the encoding as in https://flatbuffers.dev/internals/.
 * Throws an Error that names the first flaw.
 */

/** Verifies the flatbuffer at the end of an Arrow file, and that its numbers are little-endian. */
export function verifyFooter(bytes: Buffer): void {
  verifyRoot(bytes, footer);
}

/** Verifies the flatbuffer before a record batch or dictionary. */
export function verifyMessage(bytes: Buffer): void {
  verifyRoot(bytes, message);
}

/** Checks a field at `at` in a table; `slot` finds the table's other fields (0 where one is absent). */
type Check = (walk: Walk, at: number, slot: (index: number) => number) => void;

/** The checks of a table's slots, in order; `null` where a slot holds nothing to check. */
type Table = readonly (Check | null)[];

interface Walk {
  readonly bytes: Buffer;
  readonly depth: number;
  /** Tables still allowed: more than fit into the bytes are the same ones again and again. */
  readonly budget: { tables: number };
}

const deepest = 64;

function verifyRoot(bytes: Buffer, table: Table): void {
  const walk = { bytes, depth: 0, budget: { tables: bytes.length >>> 2 } };
  verifyTable(walk, target(walk, 0), table);
}

function verifyTable(walk: Walk, at: number, table: Table): void {
  const { bytes, depth, budget } = walk;
  if (depth > deepest || budget.tables-- <= 0) throw new Error('its tables are nested without end');
  inside(walk, at, 4);
  const vtable = at - bytes.readInt32LE(at);
  inside(walk, vtable, 4);
  const vtableBytes = bytes.readUInt16LE(vtable);
  const tableBytes = bytes.readUInt16LE(vtable + 2);
  inside(walk, vtable, vtableBytes);
  inside(walk, at, tableBytes);
  const slot = (index: number): number => {
    const entry = 4 + 2 * index;
    const offset = entry + 2 <= vtableBytes ? bytes.readUInt16LE(vtable + entry) : 0;
    if (offset >= tableBytes) throw new Error('a field lies outside of its table');
    return offset === 0 ? 0 : at + offset;
  };
  const deeper = { bytes, depth: depth + 1, budget };
  table.forEach((check, index) => {
    const field = slot(index);
    if (field !== 0 && check !== null) check(deeper, field, slot);
  });
}

function inside({ bytes }: Walk, at: number, length: number): void {
  if (at < 0 || length < 0 || at + length > bytes.length)
    throw new Error(`an offset leads to byte ${at}, outside of it`);
}

/** Where the offset at `at` leads. */
function target(walk: Walk, at: number): number {
  inside(walk, at, 4);
  return at + walk.bytes.readUInt32LE(at);
}

/** A number or struct of so many bytes, in place. */
const scalar =
  (size: number): Check =>
  (walk, at) => {
    inside(walk, at, size);
  };

/** A vector of numbers or structs of so many bytes each. */
const vector =
  (size: number): Check =>
  (walk, at) => {
    const start = target(walk, at);
    inside(walk, start, 4);
    inside(walk, start + 4, walk.bytes.readUInt32LE(start) * size);
  };

const string = vector(1);

const table =
  (of: () => Table): Check =>
  (walk, at) => {
    verifyTable(walk, target(walk, at), of());
  };

const tables =
  (of: () => Table): Check =>
  (walk, at, slot) => {
    vector(4)(walk, at, slot);
    const start = target(walk, at);
    const count = walk.bytes.readUInt32LE(start);
    for (let i = 0; i < count; i++) table(of)(walk, start + 4 + 4 * i, slot);
  };

/** A table whose kind is the number in slot `typeSlot`. */
const union =
  (typeSlot: number, kinds: readonly (Table | null)[]): Check =>
  (walk, at, slot) => {
    const typeAt = slot(typeSlot);
    if (typeAt === 0) return;
    const kind = walk.bytes[typeAt] ?? 0;
    const of = kinds[kind];
    if (of === undefined || of === null) throw new Error(`it holds something of an unknown kind (${kind})`);
    table(() => of)(walk, at, slot);
  };

const littleEndian: Check = (walk, at) => {
  inside(walk, at, 2);
  if (walk.bytes.readInt16LE(at) !== 0) throw new Error('its numbers are big-endian');
};

const [byte, short, int, long] = [scalar(1), scalar(2), scalar(4), scalar(8)];
const keyValue: Table = [string, string];
const metadata = tables(() => keyValue);
const intType: Table = [int, byte];

/** Schema.fbs, `union Type`, from NONE = 0. */
const types: readonly (Table | null)[] = [
  null,
  [], // Null
  intType,
  [short], // FloatingPoint
  [], // Binary
  [], // Utf8
  [], // Bool
  [int, int, int], // Decimal
  [short], // Date
  [short, int], // Time
  [short, string], // Timestamp
  [short], // Interval
  [], // List
  [], // Struct
  [short, vector(4)], // Union
  [int], // FixedSizeBinary
  [int], // FixedSizeList
  [byte], // Map
  [short], // Duration
  [], // LargeBinary
  [], // LargeUtf8
  [], // LargeList
  [], // RunEndEncoded
  [], // BinaryView
  [], // Utf8View
  [], // ListView
  [], // LargeListView
];

const dictionaryEncoding: Table = [long, table(() => intType), byte, short];
const field: Table = [
  string,
  byte,
  byte,
  union(2, types),
  table(() => dictionaryEncoding),
  tables(() => field),
  metadata,
];
const schema: Table = [littleEndian, tables(() => field), metadata, vector(8)];
/** Block is { offset: long, metaDataLength: int, bodyLength: long }, 24 bytes. */
const footer: Table = [short, table(() => schema), vector(24), vector(24), metadata];

const compression: Table = [byte, byte];
/** FieldNode and Buffer are two longs each. */
const recordBatch: Table = [long, vector(16), vector(16), table(() => compression), vector(8)];
const dictionaryBatch: Table = [long, table(() => recordBatch), byte];
const message: Table = [short, byte, union(1, [null, schema, dictionaryBatch, recordBatch]), long, metadata];
