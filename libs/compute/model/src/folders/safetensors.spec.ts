import { readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TYPES, temporaryFolder } from '../../test/folders.js';
import { openSafetensors, openSafetensorsFolder } from './safetensors-read.js';
import { writeSafetensors } from './safetensors-write.js';

/** A file of the given header and number of data bytes. */
function fileOf(header: unknown, dataBytes: number): string {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = join(temporaryFolder(), 'x.safetensors');
  writeFileSync(file, Buffer.concat([length, json, Buffer.alloc(dataBytes)]));
  return file;
}

function bitsOf(floats: Float32Array): Uint32Array {
  return new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
}

describe('reading what Python wrote', () => {
  const file = openSafetensors(TYPES);

  it('converts F16 and BF16 as PyTorch does, to the bit', () => {
    expect(bitsOf(file.readTensor('as_f16'))).toEqual(bitsOf(file.readTensor('from_f16')));
    expect(bitsOf(file.readTensor('as_bf16'))).toEqual(bitsOf(file.readTensor('from_bf16')));
  });

  it('reads the other types, scalars and empty tensors', () => {
    expect([...file.readTensor('f64')]).toEqual([0.1, -2.5, 0, 3].map(Math.fround));
    expect([...file.readIntegers('i64')]).toEqual([-(2 ** 31), -1, 0, 2 ** 31 - 1]);
    expect([...file.readIntegers('i32')]).toEqual([-7, 2 ** 31 - 1]);
    expect([...file.readIntegers('i16')]).toEqual([-300, 300]);
    expect([...file.readIntegers('i8')]).toEqual([-3, 3]);
    expect([...file.readIntegers('u8')]).toEqual([0, 255]);
    expect([...file.readIntegers('bool')]).toEqual([1, 0]);
    expect([...file.readTensor('scalar')]).toEqual([2.5]);
    expect(file.readTensor('empty')).toHaveLength(0);
    expect(file.metadata).toEqual({ format: 'pt', 'made by': 'make_safetensors_types.py' });
  });

  it('reads into part of a larger array', () => {
    const target = new Float32Array(4).fill(9);
    file.readInto('scalar', target.subarray(2, 3));
    expect([...target]).toEqual([9, 9, 2.5, 9]);
  });

  it('refuses integers past int32, floats as integers and unknown names', () => {
    expect(() => file.readIntegers('i64_large')).toThrow(
      /holds 2147483648, which is past the range of int32/,
    );
    expect(() => file.readIntegers('f32')).toThrow(/f32 is F32, expected integers/);
    expect(() => file.readTensor('i32')).toThrow(/i32 is I32, expected F32/);
    expect(() => file.readTensor('absent')).toThrow(/has no tensor named absent/);
  });
});

describe('writing', () => {
  it('gives back every array, its shape and the metadata', async () => {
    const target = join(temporaryFolder(), 'a.safetensors');
    const whole = Float32Array.from({ length: 10 }, (_, i) => i / 3);
    await writeSafetensors(
      target,
      [
        { name: 'b', shape: [2, 3], data: whole.subarray(2, 8) },
        { name: 'step', shape: [2], data: BigInt64Array.of(-5n, 7n) },
        { name: 'a', shape: [1], data: Int32Array.of(-4) },
        { name: 'odd', shape: [3], data: Uint8Array.of(1, 2, 3) },
        { name: 'none', shape: [0, 4], data: new Float32Array(0) },
      ],
      { metadata: { seed: '1' } },
    );
    const read = openSafetensors(target);
    expect(read.readTensor('b')).toEqual(whole.slice(2, 8));
    expect(read.tensors.get('b')?.shape).toEqual([2, 3]);
    expect([...read.readIntegers('step')]).toEqual([-5, 7]);
    expect([...read.readIntegers('a')]).toEqual([-4]);
    expect([...read.readBytes('odd')]).toEqual([1, 2, 3]);
    expect(read.tensors.get('none')?.shape).toEqual([0, 4]);
    expect(read.metadata).toEqual({ seed: '1' });
    for (const tensor of read.tensors.values()) {
      expect(tensor.byteOffset % (tensor.dtype === 'I64' ? 8 : tensor.dtype === 'U8' ? 1 : 4)).toBe(0);
    }
  });

  it('rounds to F16 and BF16 as PyTorch does', async () => {
    const reference = openSafetensors(TYPES);
    const data = reference.readTensor('f32');
    for (const [floatType, name] of [
      ['F16', 'as_f16'],
      ['BF16', 'as_bf16'],
    ] as const) {
      const target = join(temporaryFolder(), 'half.safetensors');
      await writeSafetensors(target, [{ name, shape: [data.length], data }], { floatType });
      expect(openSafetensors(target).readBytes(name)).toEqual(reference.readBytes(name));
    }
  });

  it('sorts tensors of one type by name, as Python does', async () => {
    const reference = openSafetensors(TYPES);
    const names = ['f32', 'from_f16', 'scalar'];
    const target = join(temporaryFolder(), 'same.safetensors');
    const tensors = names.map((name) => ({
      name,
      shape: reference.tensors.get(name)?.shape ?? [],
      data: reference.readTensor(name),
    }));
    await writeSafetensors(target, tensors.reverse());
    const order = [...openSafetensors(target).tensors.values()].sort((a, b) => a.byteOffset - b.byteOffset);
    expect(order.map((tensor) => tensor.name)).toEqual(names);
  });

  it('leaves the old file alone when the tensors contradict themselves', async () => {
    const target = join(temporaryFolder(), 'kept.safetensors');
    await writeSafetensors(target, [{ name: 'x', shape: [1], data: Float32Array.of(3) }]);
    const wrong = writeSafetensors(target, [{ name: 'x', shape: [2], data: Float32Array.of(3) }]);
    await expect(wrong).rejects.toThrow(RangeError);
    expect([...openSafetensors(target).readTensor('x')]).toEqual([3]);
  });
});

describe('files that are not whole', () => {
  const entry = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
    dtype: 'F32',
    shape,
    data_offsets: [begin, end],
  });

  it.each([
    ['its header is not JSON', fileOf.bind(null, '{"a": ', 0)],
    ['its header is not a JSON object', fileOf.bind(null, [1], 0)],
    ['lacks a dtype, shape or data_offsets', fileOf.bind(null, { a: { dtype: 'F32', shape: [1] } }, 4)],
    ['unknown dtype F8', fileOf.bind(null, { a: { ...entry(0, 4), dtype: 'F8' } }, 4)],
    [
      'a is F32 \\[3\\], 12 bytes, but has data_offsets 0 to 8',
      fileOf.bind(null, { a: entry(0, 8, [3]) }, 8),
    ],
    ['b overlaps the tensor before it', fileOf.bind(null, { a: entry(0, 8), b: entry(4, 12) }, 12)],
    ['b leaves a gap before it', fileOf.bind(null, { a: entry(0, 4), b: entry(8, 12) }, 12)],
    ['the file has \\d+ \\(cut off\\?\\)', fileOf.bind(null, { a: entry(0, 8) }, 7)],
    ['3 bytes follow after its last tensor', fileOf.bind(null, { a: entry(0, 8) }, 11)],
    ['__metadata__ is not an object of strings', fileOf.bind(null, { __metadata__: { a: 1 } }, 0)],
  ])('%s', (message, makeFile) => {
    expect(() => openSafetensors(makeFile())).toThrow(InputError);
    expect(() => openSafetensors(makeFile())).toThrow(new RegExp(message));
  });

  it.each([
    [
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 133466304\n',
      /is a pointer of Git LFS .* fetch them with "git lfs pull"\.$/,
    ],
    [
      '../weights/9f2c.safetensors',
      /is a text that begins with "\.\.\/weights\/9f2c\.safetensors" and no safetensors file, .*put the weights in its place\.$/,
    ],
    ['<!DOCTYPE html>\n<html>', /is a text that begins with "<!DOCTYPE html>"/],
  ])('says what lies in place of the weights: %j', (text, message) => {
    const file = join(temporaryFolder(), 'model.safetensors');
    writeFileSync(file, text);
    expect(() => openSafetensors(file)).toThrow(InputError);
    expect(() => openSafetensors(file)).toThrow(message);
  });

  it('takes __metadata__ that is null for none, as the reference implementation does', () => {
    const file = fileOf({ __metadata__: null, a: entry(0, 8) }, 8);
    expect(openSafetensors(file).metadata).toEqual({});
  });

  it('says so when the file is missing, a folder, too short, or cut after it was opened', () => {
    const folder = temporaryFolder();
    expect(() => openSafetensors(join(folder, 'none'))).toThrow(
      /cannot read .*none: it does not exist \(ENOENT\)/,
    );
    expect(() => openSafetensors(folder)).toThrow(/it is a folder; give a regular file/);
    const short = join(folder, 'short');
    writeFileSync(short, 'abc');
    expect(() => openSafetensors(short)).toThrow(/it has 3 bytes/);
    const file = fileOf({ a: entry(0, 8) }, 8);
    const opened = openSafetensors(file);
    truncateSync(file, 40);
    expect(() => opened.readTensor('a')).toThrow(/became shorter/);
  });

  it('never fails in another way, whatever the bytes', () => {
    const whole = readFileSync(TYPES);
    const file = join(temporaryFolder(), 'fuzzed.safetensors');
    const open = (bytes: Uint8Array): void => {
      writeFileSync(file, bytes);
      try {
        const opened = openSafetensors(file);
        for (const name of opened.tensors.keys()) opened.readBytes(name);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        expect(error.message).toMatch(/^[^\n]*\.$/s);
      }
    };
    const edits = fc.array(fc.tuple(fc.nat(1200), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(edits, fc.nat(whole.length), (changes, length) => {
        const bytes = Buffer.from(whole.subarray(0, length % 5 === 0 ? length : whole.length));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        open(bytes);
      }),
      { numRuns: 300, seed: 1 },
    );
    const header = fc.dictionary(
      fc.constantFrom('a', 'b', '__metadata__', '__proto__', 'constructor', ''),
      fc.oneof(
        fc.jsonValue(),
        fc.record({
          dtype: fc.constantFrom('F32', 'I64', 'U8', 'toString', ''),
          shape: fc.array(fc.oneof(fc.nat(4), fc.maxSafeInteger(), fc.double()), { maxLength: 3 }),
          data_offsets: fc.array(fc.oneof(fc.nat(64), fc.maxSafeInteger()), { minLength: 1, maxLength: 3 }),
        }),
      ),
    );
    fc.assert(
      fc.property(header, fc.nat(64), (content, dataBytes) => {
        const json = Buffer.from(JSON.stringify(content));
        const length = Buffer.alloc(8);
        length.writeBigUInt64LE(BigInt(json.length));
        open(Buffer.concat([length, json, Buffer.alloc(dataBytes)]));
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});

describe('shards', () => {
  async function sharded(): Promise<string> {
    const folder = temporaryFolder();
    const tensor = (name: string, value: number) => ({ name, shape: [1], data: Float32Array.of(value) });
    await writeSafetensors(join(folder, 'model-00001-of-00002.safetensors'), [
      tensor('a', 1),
      tensor('b', 2),
    ]);
    await writeSafetensors(join(folder, 'model-00002-of-00002.safetensors'), [tensor('c', 3)]);
    writeIndex(folder, { a: 1, b: 1, c: 2 });
    return folder;
  }
  function writeIndex(folder: string, shards: Record<string, number>): void {
    const weight_map = Object.fromEntries(
      Object.entries(shards).map(([name, shard]) => [name, `model-0000${shard}-of-00002.safetensors`]),
    );
    writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ metadata: {}, weight_map }));
  }

  it('are read as one', async () => {
    const opened = openSafetensorsFolder(await sharded());
    expect(['a', 'b', 'c'].map((name) => opened.readTensor(name)[0])).toEqual([1, 2, 3]);
  });

  it('are refused when the index promises more than they hold, or leads elsewhere', async () => {
    const folder = await sharded();
    writeIndex(folder, { a: 1, b: 1, c: 2, d: 2 });
    expect(() => openSafetensorsFolder(folder)).toThrow(/promises tensors that its files do not hold: d/);
    writeIndex(folder, { a: 1, b: 1, c: 3 });
    expect(() => openSafetensorsFolder(folder)).toThrow(
      /cannot read .*model-00003-of-00002.safetensors: it does not exist/,
    );
    const index = join(folder, 'model.safetensors.index.json');
    writeFileSync(index, JSON.stringify({ weight_map: { a: '../a.safetensors' } }));
    expect(() => openSafetensorsFolder(folder)).toThrow(/lies outside of its folder/);
    writeFileSync(index, 'x');
    expect(() => openSafetensorsFolder(folder)).toThrow(/is not readable JSON/);
  });

  it('may be links, as the Hugging Face cache makes them', async () => {
    const folder = temporaryFolder();
    symlinkSync(join(await sharded(), 'model-00002-of-00002.safetensors'), join(folder, 'model.safetensors'));
    expect([...openSafetensorsFolder(folder).readTensor('c')]).toEqual([3]);
  });
});
