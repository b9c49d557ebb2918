/** JSON that is none is refused or undefined, never a SyntaxError. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { expect, it } from 'vitest';
import { parseJson, readJson } from '../index.js';

it('a text is its value, or undefined', () => {
  expect(parseJson('{"a":[1,null]}')).toEqual({ a: [1, null] });
  expect(parseJson('null')).toBeNull();
  for (const text of ['', '{"a":', 'undefined', undefined]) expect(parseJson(text)).toBeUndefined();
});

it('a file is its value, or one sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'json-'));
  const file = join(folder, 'study.json');
  try {
    await expect(readJson(file, 'make it again')).rejects.toThrow(
      new InputError(`${file} cannot be read as JSON; make it again.`),
    );
    await writeFile(file, '[1,');
    await expect(readJson(file, 'make it again')).rejects.toThrow(InputError);
    await writeFile(file, '[1]');
    expect(await readJson(file, 'make it again')).toEqual([1]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
