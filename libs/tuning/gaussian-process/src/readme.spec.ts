/**
 * The README's example is test/readme-example.ts, and gives what it says; its headings are the folders, whose
 * files it names, all of them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { error, expected, next } from '../test/readme-example.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README is the one that runs here', () => {
  const example = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/gaussian-process');
  expect(readme).toContain('```ts\n' + example + '```');
  expect(Math.abs(expected + 0.16)).toBeLessThan(0.02);
  expect(error).toBeGreaterThan(0);
  expect(error).toBeLessThan(0.05);
  expect(Math.abs(next[0]! - 0.3)).toBeLessThan(0.03);
});

it('the README names every file', () => {
  const sections = readme.split(/^## /m).slice(1);
  const named = sections.flatMap((section) =>
    [...section.matchAll(/^\| `([a-z-]+\.ts)` \|/gm)].map(([, file]) => {
      return `${section.split('\n')[0]!.toLowerCase()}/${file!}`;
    }),
  );
  const there = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\/.*\.ts$/.test(file) && !file.includes('spec'),
  );
  expect(named.sort()).toEqual(there.sort());
});
