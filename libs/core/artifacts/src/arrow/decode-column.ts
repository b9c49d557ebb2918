/**
 * The Arrow buffers of one column, a piece for each record batch → the data that readers get. The way back of
 * `encode-batch.ts`. Structure, sizes and offsets were checked when the batch was loaded (`check-batch.ts`);
 * nulls and texts are here.
 */
import { isUtf8 } from 'node:buffer';
import type { Data } from 'apache-arrow';
import { InputError } from '@layerwise/errors';
import { arrayOf, type ColumnDeclaration, type NumberArray, type NumberType } from './schema.js';

/** Refuses nulls that are not declared and texts that are not UTF-8. */
export function checkColumn(file: string, column: ColumnDeclaration, pieces: readonly Data[]): void {
  const refuse = (finding: string): never => {
    throw new InputError(`${file}: column ${column.name} (${column.type}) ${finding}`);
  };
  for (const piece of pieces) {
    if (column.nullable !== true && piece.nullCount > 0)
      refuse(`has ${piece.nullCount} nulls, but none are allowed`);
    for (const child of piece.children)
      if (child.nullCount > 0) refuse('has nulls in its lists, but none are allowed');
    const texts =
      column.type === 'utf8' ? piece : column.type === 'list<utf8>' ? piece.children[0] : undefined;
    if (texts !== undefined) checkTexts(texts, refuse);
  }
}

type Refuse = (finding: string) => never;

function checkTexts(data: Data, refuse: Refuse): void {
  const bytes = bytesOf(data);
  const offsets = offsetsOf(data);
  const end = offsets[data.length]!;
  const used = bytes.subarray(offsets[0], end);
  if (!isUtf8(used)) refuse('holds bytes that are not UTF-8');
  // All of it is UTF-8, so each text is as soon as none begins within a character (with a byte 10xxxxxx).
  for (const offset of offsets) {
    if (offset < end && (bytes[offset]! & 0xc0) === 0x80) refuse('has a text that begins within a character');
  }
}

/** Decodes a checked column of `rows` rows; `size` is the length of a fixed-size list. */
export function decodeColumn(
  file: string,
  column: ColumnDeclaration,
  pieces: readonly Data[],
  rows: number,
  size: number,
): unknown {
  try {
    switch (column.type) {
      case 'utf8':
        return pieces.flatMap((piece) => decodeTexts(piece));
      case 'bool':
        return column.nullable === true
          ? nullable(pieces, (piece) => [...bits(piece)].map((bit) => bit === 1))
          : joinBits(pieces, rows);
      case 'fixed_size_list<float32>':
        return {
          size,
          values: join(
            'float32',
            pieces.map((piece) => child(piece).slice(0, piece.length * size)),
          ),
        };
      case 'list<utf8>':
        return {
          offsets: joinOffsets(pieces, rows),
          values: pieces.flatMap((piece) => decodeTexts(listed(piece))),
        };
      case 'list<int32>':
      case 'list<float32>':
      case 'list<float64>': {
        const itemType = column.type.slice('list<'.length, -1) as NumberType;
        return { offsets: joinOffsets(pieces, rows), values: join(itemType, pieces.map(listed)) };
      }
      default: {
        const { type } = column;
        return column.nullable === true
          ? nullable(pieces, (piece) => [...numbersOf(type, piece)])
          : join(type, pieces);
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(
      `${file}: column ${column.name} is larger than one array can be (${error.message})`,
      { cause: error },
    );
  }
}

/** The values of a piece, without padding: a view. */
function numbersOf(type: NumberType, piece: Data): NumberArray {
  const values: unknown = piece.values;
  if (!(values instanceof arrayOf[type])) throw new TypeError(`${type} column has other values`);
  return values.subarray(0, piece.length);
}

/** The one piece itself, or all pieces in one new array. */
function join(type: NumberType, pieces: readonly Data[]): NumberArray {
  const views = pieces.map((piece) => numbersOf(type, piece));
  const [only] = views;
  if (only !== undefined && views.length === 1) return only;
  const joined = new arrayOf[type](views.reduce((sum, view) => sum + view.length, 0));
  let at = 0;
  for (const view of views) {
    set(joined, view, at);
    at += view.length;
  }
  return joined;
}

/** Both arrays come from `arrayOf[type]`, so they are of one kind; TypeScript cannot see it. */
function set(target: NumberArray, source: NumberArray, at: number): void {
  if (target instanceof BigInt64Array) target.set(source as BigInt64Array, at);
  else target.set(source as Exclude<NumberArray, BigInt64Array>, at);
}

function joinOffsets(pieces: readonly Data[], rows: number): Int32Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1 && offsetsOf(only)[0] === 0) return offsetsOf(only);
  const joined = new Int32Array(rows + 1);
  let row = 0;
  let total = 0;
  for (const piece of pieces) {
    const offsets = offsetsOf(piece);
    const first = offsets[0]!;
    for (let i = 1; i <= piece.length; i++) {
      const offset = total + offsets[i]! - first;
      if (offset > 2 ** 31 - 1) throw new RangeError('its offsets exceed 32 bits');
      joined[++row] = offset;
    }
    total += offsets[piece.length]! - first;
  }
  return joined;
}

function child(piece: Data): Data {
  const [only] = piece.children;
  if (only === undefined) throw new TypeError('a list without a child');
  return only;
}

/** The part of a list's child that its offsets cover. */
function listed(piece: Data): Data {
  const offsets = offsetsOf(piece);
  const first = offsets[0]!;
  const last = offsets[piece.length]!;
  const items = child(piece);
  return first === 0 && last === items.length ? items : items.slice(first, last - first);
}

function joinBits(pieces: readonly Data[], rows: number): Uint8Array {
  const joined = new Uint8Array(rows);
  let at = 0;
  for (const piece of pieces) {
    joined.set(bits(piece), at);
    at += piece.length;
  }
  return joined;
}

/** One byte a row, 0 or 1. */
function bits(piece: Data): Uint8Array {
  const packed = bytesOf(piece);
  const bytes = new Uint8Array(piece.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (packed[i >>> 3]! >>> (i & 7)) & 1;
  return bytes;
}

function nullable<T>(pieces: readonly Data[], valuesOf: (piece: Data) => T[]): (T | null)[] {
  return pieces.flatMap((piece) => {
    const values: (T | null)[] = valuesOf(piece);
    if (piece.nullCount > 0) for (let i = 0; i < values.length; i++) if (!piece.getValid(i)) values[i] = null;
    return values;
  });
}

function decodeTexts(piece: Data): (string | null)[] {
  const bytes = bytesOf(piece);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = offsetsOf(piece);
  const texts = new Array<string | null>(piece.length);
  const nulls = piece.nullCount > 0;
  for (let i = 0; i < texts.length; i++) {
    texts[i] = nulls && !piece.getValid(i) ? null : buffer.toString('utf8', offsets[i], offsets[i + 1]);
  }
  return texts;
}

function offsetsOf(data: Data): Int32Array {
  const offsets: unknown = data.valueOffsets;
  if (!(offsets instanceof Int32Array)) throw new TypeError('a column without 32-bit offsets');
  // No rows may come without any offset.
  return data.length === 0 && offsets.length === 0 ? new Int32Array(1) : offsets.subarray(0, data.length + 1);
}

function bytesOf(data: Data): Uint8Array {
  const values: unknown = data.values;
  if (!(values instanceof Uint8Array)) throw new TypeError('a column without bytes');
  return values;
}
