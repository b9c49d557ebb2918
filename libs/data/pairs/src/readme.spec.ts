/** The README's example is test/readme-example.ts, and gives what it says; the files it names are there. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { example } from '../test/readme-example.js';
import { temporaryFolder } from '../test/tasks.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README runs as it is printed there, and returns what it says', async () => {
  const code = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/pairs');
  expect(readme).toContain('```ts\n' + code + '```');
  const printed = /It returns:\n\n```text\n([^`]*)```/.exec(readme)?.[1];
  expect((await example(temporaryFolder())).join('\n') + '\n').toBe(printed);
});

it('the README names files that are there', () => {
  const files = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(new Set(files).size).toBe(9);
  for (const file of files) expect(existsSync(resolve(import.meta.dirname, file)), file).toBe(true);
});
