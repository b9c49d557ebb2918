/** The README's example is test/readme-example.ts, and does what it says; the files it names are there. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ends } from '../test/readme-example.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README runs as it is printed there', () => {
  const example = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/workers');
  expect(readme).toContain('```ts\n' + example + '```');
  expect(ends.toSorted((a, b) => a.id - b.id)).toMatchObject([
    { id: 0, end: { kind: 'done', result: 3 } },
    { id: 1, end: { kind: 'failed', message: '7 is odd', done: 1 } },
  ]);
});

it('names every file of the lib', () => {
  const there = readdirSync(import.meta.dirname).filter((file) => !/spec|^index/.test(file));
  for (const file of there) expect(readme).toContain(`\`${file}\``);
});
