/** The README's example is test/readme-example.ts, and does what it says; the files it names are there. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openEncoder } from '@layerwise/model';
import { expect, it } from 'vitest';
import { temporaryFolder } from './tiny-corpus.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README runs as it is printed there', async () => {
  const example = read('readme-example.ts').replace('../src/index.js', '@layerwise/pretraining');
  expect(readme).toContain('```ts\n' + example + '```');
  const before = process.cwd();
  process.chdir(temporaryFolder());
  try {
    const { loss, frequencies } = await import('./readme-example.js');
    expect(loss).toBeLessThan(0.8 * frequencies);
    expect(openEncoder('encoder').config.layers).toBe(2);
    expect(existsSync('encoder/checkpoint.safetensors')).toBe(true);
  } finally {
    process.chdir(before);
  }
});

it('names files that are there', () => {
  const table = readme.slice(readme.indexOf('| file | what |'), readme.indexOf('The step itself'));
  const files = [...table.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) expect(() => read(`../src/${file}`), file).not.toThrow();
});
