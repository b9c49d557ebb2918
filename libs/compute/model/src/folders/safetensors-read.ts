/**
 * Reads safetensors: one file, or a folder whose `model.safetensors.index.json` names several (shards).
 *
 * Opening reads headers alone; a tensor's bytes are read when it is asked for, straight into the caller's
 * array where it is F32. No file stays open between two reads, so there is nothing to close.
 * The format and its checks are in `safetensors-header.ts`. Typed arrays are little-endian as the format is.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { explainedSync, InputError, checkRegular } from '@layerwise/errors';
import { z } from 'zod';
import { bfloat16ToFloat32, float16ToFloat32 } from './half.js';
import { readJson } from './json-file.js';
import {
  type StoredTensor,
  LENGTH_BYTES,
  START_BYTES,
  headerLength,
  parseHeader,
} from './safetensors-header.js';

/** Tensors of one or more files, read by name. Every method throws InputError for an unknown name. */
export interface Safetensors {
  /** The file, or the index of the shards. */
  readonly file: string;
  /** The files that hold the tensors' bytes: `file` itself, or its shards. */
  readonly files: readonly string[];
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  /** A float tensor (F32, F16, BF16, F64) as float32. */
  readonly readTensor: (name: string) => Float32Array;
  /** The same into `target`, which has the tensor's length; F32 is read without a copy. */
  readonly readInto: (name: string, target: Float32Array) => void;
  /** An integer tensor (I64, I32, I16, I8, U8, BOOL) as int32. @throws InputError past the range of int32. */
  readonly readIntegers: (name: string) => Int32Array;
  /** A tensor's bytes as they are stored. */
  readonly readBytes: (name: string) => Uint8Array;
}

/** readSync takes at most 2^31 - 1 bytes at a time. */
const CHUNK_BYTES = 2 ** 30;

/** Opens one safetensors file. @throws InputError when it is missing, unreadable or not whole. */
export function openSafetensors(file: string): Safetensors {
  const { tensors, metadata } = readHeader(file);
  const places = new Map([...tensors.values()].map((tensor) => [tensor.name, { file, tensor }]));
  return readerOf(file, places, metadata);
}

/**
 * Opens the weights of a model folder: `model.safetensors`, or the shards that `model.safetensors.index.json`
 * names.
 * @throws InputError when there is neither, or when index and shards disagree.
 */
export function openSafetensorsFolder(folder: string): Safetensors {
  const single = join(folder, 'model.safetensors');
  const index = join(folder, 'model.safetensors.index.json');
  if (existsSync(single)) return openSafetensors(single);
  if (existsSync(index)) return openShards(folder, index);
  throw new InputError(`${folder} has no model.safetensors and no model.safetensors.index.json.`);
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

function openShards(folder: string, index: string): Safetensors {
  const parsed = indexSchema.safeParse(readJson(index));
  if (!parsed.success) throw new InputError(`${index} has no weight_map of tensor names to files.`);
  const shardOf = parsed.data.weight_map;
  const places = new Map<string, { file: string; tensor: StoredTensor }>();
  for (const shard of new Set(Object.values(shardOf))) {
    if (basename(shard) !== shard)
      throw new InputError(`${index} names ${shard}, which lies outside of its folder.`);
    const file = join(folder, shard);
    for (const tensor of readHeader(file).tensors.values()) {
      if (shardOf[tensor.name] === shard) places.set(tensor.name, { file, tensor });
    }
  }
  const lost = Object.keys(shardOf).filter((name) => !places.has(name));
  if (lost.length > 0) {
    throw new InputError(
      `${index} promises tensors that its files do not hold: ${lost.slice(0, 10).join(', ')}.`,
    );
  }
  return readerOf(index, places, {});
}

function readerOf(
  file: string,
  places: ReadonlyMap<string, { file: string; tensor: StoredTensor }>,
  metadata: Readonly<Record<string, string>>,
): Safetensors {
  const find = (name: string) => {
    const place = places.get(name);
    if (!place) throw new InputError(`${file} has no tensor named ${name}.`);
    return place;
  };
  const readBytes = (name: string): Uint8Array => {
    const place = find(name);
    // Its own buffer, so that any typed array can be laid over it.
    const bytes = new Uint8Array(place.tensor.byteLength);
    readRange(place.file, place.tensor.byteOffset, bytes);
    return bytes;
  };
  const readInto = (name: string, target: Float32Array): void => {
    const place = find(name);
    const { tensor } = place;
    if (target.length !== tensor.length) {
      throw new RangeError(`${name} has ${tensor.length} elements, its target ${target.length}`);
    }
    if (tensor.dtype === 'F32') {
      const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
      readRange(place.file, tensor.byteOffset, bytes);
      return;
    }
    const { buffer } = readBytes(name);
    if (tensor.dtype === 'F16') float16ToFloat32(new Uint16Array(buffer), target);
    else if (tensor.dtype === 'BF16') bfloat16ToFloat32(new Uint16Array(buffer), target);
    else if (tensor.dtype === 'F64') target.set(new Float64Array(buffer));
    else throw new InputError(`${place.file}: ${name} is ${tensor.dtype}, expected F32, F16, BF16 or F64.`);
  };
  const readTensor = (name: string): Float32Array => {
    const target = new Float32Array(find(name).tensor.length);
    readInto(name, target);
    return target;
  };
  const readIntegers = (name: string): Int32Array => {
    const place = find(name);
    return toIntegers(place.file, place.tensor, readBytes(name).buffer);
  };
  const tensors = new Map([...places].map(([name, place]) => [name, place.tensor]));
  const files = [...new Set([...places.values()].map((place) => place.file))].sort();
  return { file, files, tensors, metadata, readTensor, readInto, readIntegers, readBytes };
}

function toIntegers(file: string, { name, dtype }: StoredTensor, buffer: ArrayBufferLike): Int32Array {
  if (dtype === 'I32') return new Int32Array(buffer);
  if (dtype === 'I16') return Int32Array.from(new Int16Array(buffer));
  if (dtype === 'I8') return Int32Array.from(new Int8Array(buffer));
  if (dtype === 'U8' || dtype === 'BOOL') return Int32Array.from(new Uint8Array(buffer));
  if (dtype !== 'I64') throw new InputError(`${file}: ${name} is ${dtype}, expected integers.`);
  return Int32Array.from(new BigInt64Array(buffer), (value) => {
    if (BigInt.asIntN(32, value) !== value) {
      throw new InputError(`${file}: ${name} holds ${String(value)}, which is past the range of int32.`);
    }
    return Number(value);
  });
}

function readHeader(file: string) {
  return withFile(file, (descriptor) => {
    const fileBytes = fstatSync(descriptor).size;
    const start = new Uint8Array(START_BYTES);
    const length = headerLength(
      file,
      start.subarray(0, readSync(descriptor, start, 0, START_BYTES, 0)),
      fileBytes,
    );
    const json = new Uint8Array(length);
    const read = readSync(descriptor, json, 0, length, LENGTH_BYTES);
    return parseHeader(file, json.subarray(0, read), fileBytes);
  });
}

function readRange(file: string, byteOffset: number, target: Uint8Array): void {
  withFile(file, (descriptor) => {
    let done = 0;
    while (done < target.length) {
      const wanted = Math.min(CHUNK_BYTES, target.length - done);
      const read = readSync(descriptor, target, done, wanted, byteOffset + done);
      if (read === 0)
        throw new InputError(`${file} became shorter while it was read; write or fetch it again.`);
      done += read;
    }
  });
}

function withFile<Result>(file: string, work: (descriptor: number) => Result): Result {
  checkRegular(file, Infinity);
  const descriptor = explainedSync('read', file, () => openSync(file, 'r'));
  try {
    return explainedSync('read', file, () => work(descriptor));
  } finally {
    closeSync(descriptor);
  }
}
