// The README's example is test/readme-example.ts, and does what it says; the files it names are there.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test/folders.js';
import { openEncoder } from './encoder-folder.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');

it('the example in the README runs as it is printed there', async () => {
  const example = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/model');
  expect(read('../README.md')).toContain('```ts\n' + example + '```');

  const folder = temporaryFolder();
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { tokens, encoder } = await import('../test/readme-example.js');
    // [CLS] the river rose . [SEP] i ##t fell [SEP]
    expect([...tokens.offsets]).toEqual([0, 10]);
    expect([...tokens.types]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
    const copy = openEncoder(join(folder, 'copy'));
    for (const { name } of encoder.tensors.shapes) {
      expect(copy.tensors.readTensor(name)).toEqual(encoder.tensors.readTensor(name));
    }
  } finally {
    process.chdir(before);
  }
});

it('the files that the README names are there', () => {
  const files = [...read('../README.md').matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) expect(() => read(file), file).not.toThrow();
});
