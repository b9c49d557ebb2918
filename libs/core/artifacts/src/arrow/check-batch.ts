/**
 * The header of a record batch against its schema and its body, before arrays are made of it: each column has
 * its node and its buffers, the buffers lie in the body and are long enough for the rows, and offsets ascend
 * within what they point into. Used by `arrow-file.ts`. Layouts:
 * https://arrow.apache.org/docs/format/Columnar.html#physical-memory-layout
 */
import { DataType } from 'apache-arrow';
import type { BufferRegion, FieldNode, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { strideForType } from 'apache-arrow/type';
import { typeOf } from './arrow-schema.js';

/** Throws an Error that says what does not fit. `unionsHaveValidity`: in files before format version 5. */
export function checkBatch(
  header: RecordBatch,
  types: readonly DataType[],
  body: Uint8Array,
  unionsHaveValidity: boolean,
): void {
  if (header.compression !== null)
    throw new Error('its buffers are compressed; write it without compression');
  const walk: Walk = { header, body, unionsHaveValidity, node: 0, buffer: 0, variadic: 0 };
  for (const type of types) {
    const length = checkColumn(walk, type);
    if (length !== header.length) {
      throw new Error(`a column has ${length} rows where the batch has ${header.length}`);
    }
  }
  if (walk.node !== header.nodes.length) throw new Error('it has more columns than its schema');
}

/** Position in the flat lists of nodes and buffers, in the schema's depth-first order. */
interface Walk {
  readonly header: RecordBatch;
  readonly body: Uint8Array;
  readonly unionsHaveValidity: boolean;
  node: number;
  buffer: number;
  variadic: number;
}

/** Checks one column with its children; returns its length. */
function checkColumn(walk: Walk, type: DataType): number {
  const { length, nullCount } = nextNode(walk);
  if (DataType.isNull(type)) return length;
  if (DataType.isUnion(type)) {
    if (walk.unionsHaveValidity) nextBuffer(walk, 0);
    nextBuffer(walk, length);
    if (DataType.isDenseUnion(type)) nextBuffer(walk, 4 * length);
    for (const child of childTypes(type)) {
      const items = checkColumn(walk, child);
      if (DataType.isSparseUnion(type) && items < length) throw new Error('a union lacks values');
    }
    return length;
  }
  nextBuffer(walk, nullCount > 0 ? Math.ceil(length / 8) : 0);
  if (DataType.isBool(type)) nextBuffer(walk, Math.ceil(length / 8));
  else if (DataType.isUtf8(type) || DataType.isBinary(type)) checkTexts(walk, length, 4);
  else if (DataType.isLargeUtf8(type) || DataType.isLargeBinary(type)) checkTexts(walk, length, 8);
  else if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) {
    nextBuffer(walk, 16 * length);
    const buffers = walk.header.variadicBufferCounts[walk.variadic++] ?? 0;
    for (let i = 0; i < buffers; i++) nextBuffer(walk, 0);
  } else if (DataType.isList(type) || DataType.isMap(type)) {
    const end = checkOffsets(walk, length, 4);
    for (const child of childTypes(type)) needItems(checkColumn(walk, child), end);
  } else if (DataType.isLargeList(type)) {
    const end = checkOffsets(walk, length, 8);
    for (const child of childTypes(type)) needItems(checkColumn(walk, child), end);
  } else if (DataType.isFixedSizeList(type)) {
    if (type.listSize < 0) throw new Error('a list has a negative size');
    for (const child of childTypes(type)) needItems(checkColumn(walk, child), length * type.listSize);
  } else if (DataType.isStruct(type)) {
    for (const child of childTypes(type)) needItems(checkColumn(walk, child), length);
  } else {
    const stored: DataType = DataType.isDictionary(type) ? type.indices : type;
    nextBuffer(walk, length * byteWidth(stored));
  }
  return length;
}

function nextNode(walk: Walk): FieldNode {
  const node = walk.header.nodes[walk.node++];
  if (node === undefined) throw new Error('it has fewer columns than its schema');
  const { length, nullCount } = node;
  if (length < 0 || length > 2 ** 31 - 1) throw new Error(`a column cannot have ${length} rows`);
  if (nullCount < 0 || nullCount > length) {
    throw new Error(`a column of ${length} rows cannot have ${nullCount} nulls`);
  }
  return node;
}

function nextBuffer(walk: Walk, bytes: number): BufferRegion {
  const region = walk.header.buffers[walk.buffer++];
  if (region === undefined) throw new Error('it has fewer buffers than its schema needs');
  const { offset, length } = region;
  if (offset < 0 || length < 0 || offset + length > walk.body.byteLength)
    throw new Error('a buffer lies outside of it');
  if (length < bytes) throw new Error(`a buffer has ${length} bytes where its rows need ${bytes}`);
  return region;
}

function checkTexts(walk: Walk, rows: number, width: 4 | 8): void {
  const end = checkOffsets(walk, rows, width);
  nextBuffer(walk, end);
}

/** Offsets ascend from 0 or more; returns the last. No rows may come without offsets. */
function checkOffsets(walk: Walk, rows: number, width: 4 | 8): number {
  const { offset, length } = nextBuffer(walk, rows === 0 ? 0 : (rows + 1) * width);
  if (length === 0) return 0;
  const at = walk.body.byteOffset + offset;
  const offsets =
    width === 4
      ? new Int32Array(walk.body.buffer, at, rows + 1)
      : new BigInt64Array(walk.body.buffer, at, rows + 1);
  let previous: number | bigint = 0;
  for (const next of offsets) {
    if (next < previous) throw new Error(`an offset goes back from ${String(previous)} to ${String(next)}`);
    previous = next;
  }
  return Number(previous);
}

function needItems(items: number, needed: number): void {
  if (items < needed) throw new Error(`a list or struct has ${items} values where its rows need ${needed}`);
}

function childTypes(type: DataType): DataType[] {
  return type.children.map(typeOf);
}

function byteWidth(type: DataType): number {
  const { ArrayType } = type as unknown as { readonly ArrayType: { readonly BYTES_PER_ELEMENT: number } };
  return ArrayType.BYTES_PER_ELEMENT * strideForType(type);
}
