/** The README's example is readme-example.ts, and gives what it says; the files it names are there. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { example } from './readme-example.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example runs as it is printed, and returns what it says', async () => {
  const code = read('readme-example.ts').replace('../src/index.js', '@layerwise/projection');
  expect(readme).toContain('```ts\n' + code + '```');
  const printed = /It returns:\n\n```text\n([^`]*)```/.exec(readme)?.[1];
  expect(`${(await example()).join('\n')}\n`).toBe(printed);
});

it('the files that it names are there', () => {
  const files = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(9);
  for (const file of files) expect(existsSync(resolve(import.meta.dirname, '../src', file)), file).toBe(true);
});
