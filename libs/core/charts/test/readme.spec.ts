/** The README's example is readme-example.ts, and gives what it says; the files it names are there. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { example } from './readme-example.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example runs as it is printed, and returns what it says', async () => {
  const code = read('readme-example.ts').replace('../src/index.js', '@layerwise/charts');
  expect(readme).toContain('```ts\n' + code + '```');
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-charts-'));
  const printed = /It returns:\n\n```text\n([^`]*)```/.exec(readme)?.[1];
  expect(`${await example(join(folder, 'lengths'))}\n`).toBe(printed);
  for (const end of ['svg', 'png']) expect(existsSync(join(folder, `lengths.${end}`))).toBe(true);
  rmSync(folder, { recursive: true });
});

it('the files that it names are there', () => {
  const files = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(12);
  for (const file of files) expect(existsSync(resolve(import.meta.dirname, '../src', file)), file).toBe(true);
});
