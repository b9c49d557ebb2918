// The README's example is test/readme-example.ts, and does what it says.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { losses, printed, trained } from '../test/readme-example.js';
import { ENGINE_NAMES } from './options.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

it('the example in the README runs as it is printed there', () => {
  const example = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/engine');
  expect(read('../README.md')).toContain('```ts\n' + example + '```');
  expect(losses[0]).toBeCloseTo(Math.LN2, 6);
  expect(losses[1]).toBeCloseTo(2 * Math.LN2, 6);
  // Σ over rows of (softmax − target) x: ½·(−1, 1) for the first row, ½·(1, −1) for the second.
  [1, 1, 1, -1, -1, -1].forEach((value, i) => expect(trained[i]).toBeCloseTo(value / 10, 6));
  expect(printed).toContain('Gemm');
});

it('the README names every engine', () => {
  for (const name of ENGINE_NAMES) expect(read('../README.md')).toContain(`\`${name}\``);
});
