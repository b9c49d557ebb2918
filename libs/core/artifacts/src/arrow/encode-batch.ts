/**
 * Columns → the buffers of one record batch, in the order that Arrow's columnar format gives them
 * (https://arrow.apache.org/docs/format/Columnar.html): validity, then offsets or values, then the child.
 * Typed arrays go in as views; only texts, booleans, validity bits and shifted offsets are made anew.
 */
import { BufferRegion, FieldNode, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import type { ColumnType, NumberArray } from './schema.js';

/** Any column as `writeTable` sees it after checking: its validity apart from its values. */
export interface EncodableColumn {
  readonly type: ColumnType;
  /** One byte a row, 1 where there is a value; null where all rows have one. */
  readonly valid: Uint8Array | null;
  /** Fixed-width values (0 where there is none), one byte a row for bool; of the child for a list. */
  readonly numbers: NumberArray | null;
  /** Texts; of the child for a list of texts. */
  readonly texts: readonly (string | null)[] | null;
  /** UTF-8 length of each text. */
  readonly textBytes: Int32Array | null;
  /** [rows + 1] for lists of any length. */
  readonly offsets: Int32Array | null;
  /** Numbers a row: the size of a fixed-size list, 1 for scalars. */
  readonly stride: number;
}

/** The message header of a record batch, and its body as chunks to be written in turn. */
export interface EncodedBatch {
  readonly header: RecordBatch;
  readonly body: readonly Uint8Array[];
  readonly bodyBytes: number;
}

/** Encodes rows `start` to `end` of all columns. */
export function encodeBatch(columns: readonly EncodableColumn[], start: number, end: number): EncodedBatch {
  const nodes: FieldNode[] = [];
  const regions: BufferRegion[] = [];
  const body: Uint8Array[] = [];
  let bodyBytes = 0;
  const add = (buffer: ArrayBufferView): void => {
    const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    regions.push(new BufferRegion(bodyBytes, bytes.byteLength));
    body.push(bytes);
    const padding = -bytes.byteLength & 7;
    if (padding > 0) body.push(new Uint8Array(padding));
    bodyBytes += bytes.byteLength + padding;
  };
  for (const column of columns) {
    const rows = end - start;
    const nulls = column.valid === null ? 0 : countZeros(column.valid, start, end);
    nodes.push(new FieldNode(rows, nulls));
    add(nulls === 0 || column.valid === null ? empty : packBits(column.valid, start, end));
    let from = start;
    let to = end;
    if (column.offsets !== null) {
      from = column.offsets[start]!;
      to = column.offsets[end]!;
      add(shifted(column.offsets, start, end));
    } else if (column.stride !== 1 || column.type === 'fixed_size_list<float32>') {
      from = start * column.stride;
      to = end * column.stride;
    }
    if (column.type.includes('<')) {
      nodes.push(new FieldNode(to - from, 0));
      add(empty);
    }
    if (column.texts !== null && column.textBytes !== null) {
      const { offsets, bytes } = encodeTexts(column.texts, column.textBytes, from, to);
      add(offsets);
      add(bytes);
    } else if (column.numbers !== null) {
      if (column.type === 'bool' && column.numbers instanceof Uint8Array)
        add(packBits(column.numbers, from, to));
      else add(column.numbers.subarray(from, to));
    }
  }
  return { header: new RecordBatch(end - start, nodes, regions, null), body, bodyBytes };
}

const empty = new Uint8Array(0);

/** Bit i (least significant first) is set where byte start + i is not 0. */
function packBits(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const bits = new Uint8Array((end - start + 7) >>> 3);
  for (let row = start; row < end; row++) {
    if (bytes[row] !== 0) {
      const i = row - start;
      bits[i >>> 3] = bits[i >>> 3]! | (1 << (i & 7));
    }
  }
  return bits;
}

function countZeros(bytes: Uint8Array, start: number, end: number): number {
  let zeros = 0;
  for (let row = start; row < end; row++) if (bytes[row] === 0) zeros++;
  return zeros;
}

/** offsets[start … end] with the first brought to 0: a view where it is 0 already. */
function shifted(offsets: Int32Array, start: number, end: number): Int32Array {
  const first = offsets[start]!;
  const view = offsets.subarray(start, end + 1);
  return first === 0 ? view : view.map((offset) => offset - first);
}

function encodeTexts(
  texts: readonly (string | null)[],
  textBytes: Int32Array,
  from: number,
  to: number,
): { offsets: Int32Array; bytes: Buffer } {
  const offsets = new Int32Array(to - from + 1);
  let total = 0;
  for (let i = from; i < to; i++) {
    total += textBytes[i]!;
    offsets[i - from + 1] = total;
  }
  const bytes = Buffer.allocUnsafe(total);
  for (let i = from; i < to; i++) {
    const text = texts[i];
    if (text) bytes.write(text, offsets[i - from]!, 'utf8');
  }
  return { offsets, bytes };
}
