/** The README's example is test/readme-example.ts, and does what it says; the files it names are there. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { DIFFERENCES, MODELS } from '../src/index.js';
import { temporaryFolder } from './tiny-study.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README runs as it is printed there', async () => {
  const example = read('readme-example.ts').replace('../src/index.js', '@layerwise/shift-study');
  expect(readme).toContain('```ts\n' + example + '```');
  const before = process.cwd();
  process.chdir(temporaryFolder());
  try {
    const { after, table } = await import('./readme-example.js');
    expect(after).toMatchObject({ rows: 2, seeds: 2, majority: 0.5 });
    expect(table).toContain(`${after?.accuracy.toFixed(3)} [`);
    for (const file of ['study.arrow', 'answers.arrow', 'study.md', 'manifest.json'])
      expect(existsSync(`results/${file}`), file).toBe(true);
  } finally {
    process.chdir(before);
  }
});

it('names every measure and every file of the lib', () => {
  for (const { measure } of [...MODELS, ...DIFFERENCES]) expect(readme).toContain(`\`${measure}\``);
  const files = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(8);
  for (const file of files) expect(() => read(`../src/${file}`), file).not.toThrow();
});
