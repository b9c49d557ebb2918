/**
 * The README's example is test/readme-example.ts, and gives what it says; the files that it names are there,
 * and all of them.
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
  const named = [...readme.matchAll(/^\| `([a-z-]+\.ts)` \|/gm)].map((match) => match[1]);
  const there = readdirSync(import.meta.dirname).filter((file) => !/spec|^index/.test(file));
  expect(named.sort()).toEqual(there.sort());
});
