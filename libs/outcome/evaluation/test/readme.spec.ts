/**
 * The README's example is test/readme-example.ts, and does what it says; the files and columns it names are
 * there.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { EVALUATION_OUTPUTS } from '../src/index.js';
import { MEASURES } from '../src/measures/measures.js';
import { temporaryFolder } from './tiny-evaluation.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README runs as it is printed there', async () => {
  const example = read('readme-example.ts').replace('../src/index.js', '@layerwise/evaluation');
  expect(readme).toContain('```ts\n' + example + '```');
  const before = process.cwd();
  process.chdir(temporaryFolder());
  try {
    const { forgotten, words } = await import('./readme-example.js');
    expect(forgotten).toMatchObject({ method: 'flat', seeds: 2, reason: null });
    expect(words).toHaveLength(3 * 3);
    expect(words[3]).toMatch(/^replay − flat on p_o: [+-]?\d\.\d{3} \(.*; 2 seeds\), McNemar p/);
    for (const { file } of EVALUATION_OUTPUTS) expect(existsSync(`results/${file}`), file).toBe(true);
  } finally {
    process.chdir(before);
  }
});

it('names every measure, every file that is written and every file of the lib', () => {
  for (const name of [...MEASURES, ...EVALUATION_OUTPUTS.map(({ file }) => file)])
    if (name !== 'evaluation.arrow') expect(readme).toContain(`\`${name}\``);
  const files = [...readme.matchAll(/^\| .*`([a-z-]+\.ts)`/gm)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(6);
  const there = readdirSync(resolve(import.meta.dirname, '../src'), { recursive: true, encoding: 'utf8' });
  for (const file of files) expect(there.map((path) => basename(path))).toContain(file);
});
