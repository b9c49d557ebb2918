// The README's example is test/readme-example.ts, and does what it says; its headings are the folders.
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test/folders.js';
import { openEncoder } from './folders/encoder-folder.js';

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

it('the headings under "Where things are" are the folders', () => {
  const [, place = ''] = read('../README.md').split('## Where things are');
  const headings = [...place.matchAll(/^### (\w+)$/gm)].map((match) => match[1]);
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(headings.sort()).toEqual(folders.map(({ name }) => name).sort());
});
