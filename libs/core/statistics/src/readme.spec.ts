/** The README's example does what it says; the files it names are there. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { mcnemar, meanInterval } from './index.js';

const readme = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8');

function example(): string {
  const { mean, low, high } = meanInterval([0.71, 0.74, 0.72], 0.95);
  const p = mcnemar({ onlyFirst: 3, onlySecond: 12 });
  return `${mean.toFixed(3)} (${low?.toFixed(3)} … ${high?.toFixed(3)}), p = ${p.toFixed(3)}`;
}

it('the example in the README runs as it is printed there', () => {
  const own = readFileSync(import.meta.filename, 'utf8');
  const [code = ''] = /```ts\n.*\n\nexport ([\s\S]*?)```/.exec(readme)?.slice(1) ?? [];
  expect(code).not.toBe('');
  expect(own).toContain(code);
  expect(readme).toContain(`It returns \`${example()}\``);
});

it('names files that are there', () => {
  const files = [...readme.matchAll(/`([a-z]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(4);
  for (const file of files)
    expect(() => readFileSync(resolve(import.meta.dirname, file), 'utf8'), file).not.toThrow();
});
