/**
 * Writes safetensors files that Hugging Face's libraries read. The format is in `safetensors-header.ts`.
 *
 * The file appears whole or not at all, and the tensors go from the caller's arrays to the disk without a
 * copy of the whole; halves are converted a piece at a time. Tensors are sorted as the reference
 * implementation sorts them (larger elements first, then by name), so equal tensors give equal bytes.
 */
import { writeAtomically, writeFully } from '@layerwise/artifacts';
import { float32ToBfloat16, float32ToFloat16 } from './half.js';
import { ELEMENT_BYTES, LENGTH_BYTES, type StoredType } from './safetensors-header.js';

export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major; its length is the product of the shape. The array's type decides how it is stored. */
  readonly data: TensorData;
}

/** How Float32Arrays are stored. F16 and BF16 round to nearest. */
export type FloatType = 'F32' | 'F16' | 'BF16';

export interface WriteSafetensorsOptions {
  /** Free strings in the header. Default `{ format: 'pt' }`, without which transformers refuses a file. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly floatType?: FloatType;
}

/** Elements converted to halves at a time. */
const PIECE = 1 << 20;

/**
 * Writes `tensors` to `file`. The arrays must not change before the promise settles.
 * @throws InputError when the file cannot be written; RangeError when a shape does not match its data or two
 * tensors have one name.
 */
export async function writeSafetensors(
  file: string,
  tensors: Iterable<NamedTensor>,
  { metadata = { format: 'pt' }, floatType = 'F32' }: WriteSafetensorsOptions = {},
): Promise<void> {
  const sorted = [...tensors]
    .map((tensor) => ({ ...tensor, dtype: dtypeOf(tensor.data, floatType) }))
    .sort((a, b) => ELEMENT_BYTES[b.dtype] - ELEMENT_BYTES[a.dtype] || (a.name < b.name ? -1 : 1));
  const header = encodeHeader(sorted, metadata);
  await writeAtomically(file, async (handle) => {
    await writeFully(handle, header);
    for (const { data, dtype } of sorted) {
      for (const bytes of storedPieces(data, dtype)) await writeFully(handle, bytes);
    }
  });
}

function encodeHeader(
  tensors: readonly (NamedTensor & { dtype: StoredType })[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : [];
  const names = new Set<string>();
  let end = 0;
  for (const { name, shape, data, dtype } of tensors) {
    const length = shape.reduce((product, size) => product * size, 1);
    if (length !== data.length) {
      throw new RangeError(`${name} has the shape [${shape.join(', ')}] and ${data.length} elements`);
    }
    if (names.has(name) || name === '__metadata__') throw new RangeError(`the name ${name} is taken twice`);
    names.add(name);
    const begin = end;
    end += length * ELEMENT_BYTES[dtype];
    entries.push([name, { dtype, shape, data_offsets: [begin, end] }]);
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)), 'utf8');
  // Spaces up to a multiple of 8, so that every tensor starts at a multiple of its element.
  const padded = Math.ceil(json.length / 8) * 8;
  const header = Buffer.alloc(LENGTH_BYTES + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(header, LENGTH_BYTES);
  return header;
}

function dtypeOf(data: TensorData, floatType: FloatType): StoredType {
  if (data instanceof Float32Array) return floatType;
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof BigInt64Array) return 'I64';
  return 'U8';
}

function* storedPieces(data: TensorData, dtype: StoredType): Generator<Uint8Array> {
  if (!(data instanceof Float32Array) || dtype === 'F32') {
    yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return;
  }
  const convert = dtype === 'F16' ? float32ToFloat16 : float32ToBfloat16;
  for (let start = 0; start < data.length; start += PIECE) {
    const floats = data.subarray(start, start + PIECE);
    const halves = new Uint16Array(floats.length);
    convert(floats, halves);
    yield new Uint8Array(halves.buffer);
  }
}
