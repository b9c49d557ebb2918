/**
 * The header of a safetensors file, checked: the file format that Hugging Face keeps weights in.
 *
 *     8 bytes  length N of the header, little-endian
 *     N bytes  JSON: {"NAME": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {…}}
 *     rest     the tensors' bytes, little-endian, row-major; offsets count from the start of this part
 *
 * Pure: it works on bytes that `safetensors-read.ts` hands in. Every way in which a file can be wrong is one
 * sentence. As in the reference implementation the tensors must fill the rest of the file exactly.
 */
import { damaged, InputError } from '@layerwise/errors';
import { z } from 'zod';

/** Bytes of one element of every type that a file may hold. */
export const ELEMENT_BYTES = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type StoredType = keyof typeof ELEMENT_BYTES;

export interface StoredTensor {
  readonly name: string;
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  /** First byte of the tensor, counted from the start of the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
  /** Number of elements: the product of the shape. */
  readonly length: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The reference implementation refuses longer headers too. */
const MAXIMUM_HEADER_BYTES = 100_000_000;
export const LENGTH_BYTES = 8;
/** What is read of a file before its header: the header's length, and enough to know a text by. */
export const START_BYTES = 64;
/** Of a text in the place of weights, this much is shown. */
const LINE_SHOWN = 60;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});
/** The reference implementation takes null for none. */
const metadataSchema = z.record(z.string(), z.string()).nullable();

/**
 * The header's length, from a file's first bytes: 8 of them, and more so that a text is known as one.
 * @throws InputError when the file has no room for it.
 */
export function headerLength(file: string, start: Uint8Array, fileBytes: number): number {
  if (start.length < LENGTH_BYTES) {
    throw damaged(file, `it has ${fileBytes} bytes and a header alone takes 8`);
  }
  const length = Number(new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true));
  if (length > fileBytes - LENGTH_BYTES) {
    const text = textInPlace(file, start);
    if (text) throw text;
    throw damaged(file, `its header should take ${length} bytes and the file has ${fileBytes}`);
  }
  if (length > MAXIMUM_HEADER_BYTES) {
    throw damaged(file, `its header takes ${length} bytes and 100,000,000 is the most that is read`);
  }
  return length;
}

/** The error for a text where weights should be, as Git leaves it; null where the file is no text. */
function textInPlace(file: string, start: Uint8Array): InputError | null {
  const text = new TextDecoder().decode(start);
  if (!/^[\t\n\r -~]+$/.test(text)) return null;
  if (text.startsWith('version https://git-lfs'))
    return new InputError(
      `${file} is a pointer of Git LFS and not the weights themselves; fetch them with "git lfs pull".`,
    );
  const line = text.split(/[\r\n]/)[0]!.slice(0, LINE_SHOWN);
  return new InputError(
    `${file} is a text that begins with "${line}" and no safetensors file, as a link becomes where links are not checked out; put the weights in its place.`,
  );
}

/**
 * Parses and checks the JSON of a header.
 * @param fileBytes size of the whole file; the tensors must end exactly there
 * @throws InputError naming the file and the tensor that is wrong.
 */
export function parseHeader(file: string, json: Uint8Array, fileBytes: number): SafetensorsHeader {
  const raw = parseObject(file, json);
  const dataStart = LENGTH_BYTES + json.length;
  const tensors = new Map<string, StoredTensor>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (name === '__metadata__') metadata = parseMetadata(file, value);
    else tensors.set(name, parseEntry(file, name, value, dataStart));
  }
  checkCoverage(file, [...tensors.values()], dataStart, fileBytes);
  return { tensors, metadata };
}

function parseObject(file: string, json: Uint8Array): Record<string, unknown> {
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    throw damaged(file, 'its header is not JSON');
  }
  const object = z.record(z.string(), z.unknown()).safeParse(raw);
  if (!object.success) throw damaged(file, 'its header is not a JSON object');
  return object.data;
}

function parseMetadata(file: string, value: unknown): Record<string, string> {
  const metadata = metadataSchema.safeParse(value);
  if (!metadata.success) throw damaged(file, 'its __metadata__ is not an object of strings');
  return metadata.data ?? {};
}

function parseEntry(file: string, name: string, value: unknown, dataStart: number): StoredTensor {
  const entry = entrySchema.safeParse(value);
  if (!entry.success)
    throw damaged(file, `the header's entry for ${name} lacks a dtype, shape or data_offsets`);
  const { dtype, shape, data_offsets: offsets } = entry.data;
  if (!isStoredType(dtype)) {
    throw damaged(
      file,
      `${name} has the unknown dtype ${dtype} (known: ${Object.keys(ELEMENT_BYTES).join(', ')})`,
    );
  }
  const length = shape.reduce((product, size) => product * size, 1);
  const byteLength = length * ELEMENT_BYTES[dtype];
  const [begin, end] = offsets;
  if (end - begin !== byteLength) {
    const found = `data_offsets ${begin} to ${end}`;
    throw damaged(file, `${name} is ${dtype} [${shape.join(', ')}], ${byteLength} bytes, but has ${found}`);
  }
  return { name, dtype, shape, byteOffset: dataStart + begin, byteLength, length };
}

/** No overlap, no gap, no byte left over: else some tensor would be read from another's bytes. */
function checkCoverage(file: string, tensors: StoredTensor[], dataStart: number, fileBytes: number): void {
  tensors.sort((a, b) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength);
  let end = dataStart;
  for (const tensor of tensors) {
    if (tensor.byteOffset !== end) {
      const what = tensor.byteOffset < end ? 'overlaps the tensor before it' : 'leaves a gap before it';
      throw damaged(file, `${tensor.name} ${what}`);
    }
    end += tensor.byteLength;
  }
  if (end > fileBytes) {
    throw damaged(file, `its tensors end at byte ${end} and the file has ${fileBytes} (cut off?)`);
  }
  if (end < fileBytes) throw damaged(file, `${fileBytes - end} bytes follow after its last tensor`);
}

function isStoredType(dtype: string): dtype is StoredType {
  return Object.hasOwn(ELEMENT_BYTES, dtype);
}
