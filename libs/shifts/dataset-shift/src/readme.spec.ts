/** The README's example is test/readme-example.ts, and gives what it says. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { pair, rows } from '../test/readme-example.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README is the one that runs here', () => {
  const example = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/dataset-shift');
  expect(readme).toContain('```ts\n' + example + '```');
  expect(pair.kind).toBe('dataset');
  expect([pair.original.labels.length, pair.shifted.labels.length]).toEqual([2, 3]);
  expect([...rows]).toEqual([0, 1, 2]);
});

it('the README names files that are there', () => {
  const files = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files).toHaveLength(2);
  for (const file of files) expect(existsSync(resolve(import.meta.dirname, file)), file).toBe(true);
});
