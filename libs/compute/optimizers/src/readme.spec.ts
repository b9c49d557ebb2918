// The README's example is test/readme-example.ts, and does what it says.
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { trained } from '../test/readme-example.js';

it('the example in the README runs as it is printed there', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const example = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/optimizers');
  expect(read('../README.md')).toContain('```ts\n' + example + '```');
  expect(trained[0]).toBe(0);
  expect(trained[1]).toBeCloseTo(0.045, 3);
  expect(trained[2]).toBeCloseTo(0.99, 3);
});
