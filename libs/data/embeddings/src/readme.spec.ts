/** The README's example is readme-example.ts, and gives what it says; the files it names are there. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { example } from '../test/readme-example.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example runs as it is printed, and returns what it says', async () => {
  const code = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/embeddings');
  expect(readme).toContain('```ts\n' + code + '```');
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-embeddings-'));
  const printed = /It returns:\n\n```text\n([^`]*)```/.exec(readme)?.[1];
  expect(`${(await example(folder)).join('\n')}\n`).toBe(printed);
  rmSync(folder, { recursive: true });
});

it('the files that it names are there', () => {
  const files = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(9);
  for (const file of files) expect(existsSync(resolve(import.meta.dirname, file)), file).toBe(true);
});
