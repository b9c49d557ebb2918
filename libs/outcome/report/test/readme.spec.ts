/** The README's example is test/readme-example.ts, and does what it says; the files it names are there. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder, writeEverything } from './generated.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README runs as it is printed there', async () => {
  const example = read('readme-example.ts').replace('../src/index.js', '@layerwise/report');
  expect(readme).toContain('```ts\n' + example + '```');
  const before = process.cwd();
  const folder = temporaryFolder();
  await writeEverything(join(folder, 'results'));
  process.chdir(folder);
  try {
    const { verdict, sentences, page } = await import('./readme-example.js');
    expect(verdict).toBe(`small enough: ${sentences[0]}`);
    expect(page.replaceAll('my experiment', 'layerwise report: results')).toBe(
      readFileSync('report.html', 'utf8'),
    );
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
});

it('names every file of the lib', () => {
  const files = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(12);
  const sources = readdirSync(resolve(import.meta.dirname, '../src'), { recursive: true, encoding: 'utf8' });
  expect(sources.map((path) => basename(path))).toEqual(expect.arrayContaining(files));
});
