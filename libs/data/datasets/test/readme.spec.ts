/** The README's example is `readme-example.ts`, and does what it says. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BUILTIN_TASKS } from '../src/index.js';
import { first, labels, sizes } from './readme-example.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

it('the example in the README runs as it is printed there', () => {
  const example = read('readme-example.ts').replace('../src/index.js', '@layerwise/datasets');
  expect(read('../README.md')).toContain('```ts\n' + example + '```');
  expect(labels).toEqual(['negative', 'positive']);
  expect(sizes).toEqual([500, 100]);
  expect(first.text).toMatch(/^[a-z ,]+\.$/);
  expect(first.pair).toBeNull();
  expect(labels).toContain(first.label);
  expect(first.bad).toBe(0);
  expect(first.said).toBe(0);
});

it('the README names every built-in task', () => {
  for (const name of BUILTIN_TASKS) expect(read('../README.md')).toContain(`\`${name}\``);
});
