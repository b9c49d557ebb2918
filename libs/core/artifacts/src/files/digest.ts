/**
 * SHA-256 digests (64 hexadecimal digits): of files and folders without loading them, of values in memory,
 * and the fingerprint of a JSON value by which stages know that nothing changed.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkRegular } from '@layerwise/errors';
import { isTemporaryName, lockName } from './atomic.js';
import { explained } from './io-error.js';

/** The digest of a regular file's bytes, streamed; what `sha256sum` prints. */
export async function digestOfFile(file: string): Promise<string> {
  checkRegular(file, Infinity);
  return explained('read', file, async () => {
    const hash = createHash('sha256');
    const stream = createReadStream(file, { highWaterMark: 1 << 20 });
    for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk);
    return hash.digest('hex');
  });
}

/**
 * The digest of all files below a folder: of the lines `<digest>  <path>\n`, paths relative with `/`, sorted
 * by code unit (so `sha256sum` over the sorted paths, piped into `sha256sum`, gives the same). Left-over
 * temporary files do not count.
 */
export async function digestOfFolder(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await filesBelow(folder)) {
    hash.update(`${await digestOfFile(join(folder, path))}  ${path}\n`);
  }
  return hash.digest('hex');
}

/** Relative paths (with `/`) of all files below `folder`, sorted by code unit, without temporary files. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await explained('list', folder, () => readdir(folder, { withFileTypes: true }));
  const paths: string[] = [];
  for (const entry of entries) {
    if (isTemporaryName(entry.name) || entry.name.startsWith(lockName)) continue;
    if (entry.isDirectory()) {
      for (const below of await filesBelow(join(folder, entry.name))) paths.push(`${entry.name}/${below}`);
    } else paths.push(entry.name);
  }
  return paths.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The digest of a string's UTF-8 bytes, or of the bytes of a typed array. */
export function digestOf(value: string | ArrayBufferView): string {
  const bytes =
    typeof value === 'string' ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}

/** The digest of a value's canonical JSON: equal for equal values, whatever the order of their keys. */
export function fingerprint(value: unknown): string {
  return digestOf(canonicalJson(value));
}

/**
 * JSON without white space and with sorted keys. Properties that are undefined are left out, as in
 * JSON.stringify; what JSON cannot say (NaN, functions, bigint, class instances) is a TypeError instead of a
 * silent null.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form, so it has no fingerprint`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (isPlainObject(value)) {
    const members = Object.keys(value)
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      .filter((key) => value[key] !== undefined)
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`a value of type ${typeof value} has no JSON form, so it has no fingerprint`);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
