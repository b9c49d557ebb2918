// Digests against published test vectors and Node's own one-shot hash; fingerprints against reordering and
// change.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { InputError } from '@layerwise/errors';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canonicalJson, digestOf, digestOfFile, digestOfFolder, fingerprint } from './digest.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digest-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

// FIPS 180-4 examples.
const ofNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const ofAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

test('of strings, typed arrays and views', () => {
  expect(digestOf('')).toBe(ofNothing);
  expect(digestOf('abc')).toBe(ofAbc);
  expect(digestOf(Uint8Array.of(0x7a, 0x61, 0x62, 0x63).subarray(1))).toBe(ofAbc);
  expect(digestOf(Int32Array.of(1))).toBe(digestOf(Uint8Array.of(1, 0, 0, 0)));
});

test('of files, also larger than a chunk', async () => {
  const file = join(folder, 'bytes');
  await writeFile(file, 'abc');
  expect(await digestOfFile(file)).toBe(ofAbc);
  const large = Buffer.alloc(3 * 2 ** 20 + 17, 'tide');
  await writeFile(file, large);
  expect(await digestOfFile(file)).toBe(createHash('sha256').update(large).digest('hex'));
  await expect(digestOfFile(join(folder, 'none'))).rejects.toThrow(InputError);
  await expect(digestOfFile(join(folder, 'none'))).rejects.toThrow(/cannot read .*none: it does not exist/);
});

test('of folders: names and contents, by sorted path, as sha256sum lists them', async () => {
  await mkdir(join(folder, 'b'));
  await writeFile(join(folder, 'b', 'x'), 'abc');
  await writeFile(join(folder, 'a.txt'), '');
  await writeFile(join(folder, 'b.txt'), 'abc');
  const lines = `${ofNothing}  a.txt\n${ofAbc}  b.txt\n${ofAbc}  b/x\n`;
  const digest = await digestOfFolder(folder);
  expect(digest).toBe(createHash('sha256').update(lines).digest('hex'));
  await writeFile(join(folder, '.a.txt.12-0123456789ab.layerwise-tmp'), 'left over');
  expect(await digestOfFolder(folder)).toBe(digest);
  await writeFile(join(folder, 'c'), '');
  expect(await digestOfFolder(folder)).not.toBe(digest);
});

test('canonical JSON is JSON, sorts keys at every depth and refuses what JSON cannot say', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'é"' }], a: true, left: undefined })).toBe(
    '{"a":true,"b":[1,{"c":"é\\"","d":null}]}',
  );
  for (const value of [NaN, Infinity, 1n, () => 1, new Date(0), Uint8Array.of(1), undefined, [undefined]]) {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  }
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('a fingerprint ignores the order of keys and nothing else', () => {
  expect(fingerprint({ a: 1, b: { c: 2, d: 3 } })).toBe(fingerprint({ b: { d: 3, c: 2 }, a: 1 }));
  const all = [{ a: 1 }, { a: '1' }, { a: [1] }, { a: 1, b: null }, [1, 2], [2, 1], {}, []].map(fingerprint);
  expect(new Set(all).size).toBe(all.length);
});
