/** The README's example is test/readme-example.ts, and does what it says; the files it names are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test/tiny-run.js';
import { OUTPUTS } from './results/outputs.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README runs as it is printed there', async () => {
  const example = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/finetune');
  expect(readme).toContain('```ts\n' + example + '```');
  const before = process.cwd();
  process.chdir(temporaryFolder());
  try {
    const { row } = await import('../test/readme-example.js');
    expect(row?.status).toBe('complete');
    expect(row?.accuracyOriginalBefore).toBe(1);
    expect(row?.accuracyShifted).toBe(1);
    expect(row?.reward).toBe((row?.accuracyOriginal ?? 0) + 1);
    expect(existsSync('results/results.arrow')).toBe(true);
  } finally {
    process.chdir(before);
  }
});

it('names every file that a run leaves', () => {
  for (const { file } of OUTPUTS)
    expect(readme).toContain(`\`${file.replace(/(original|shifted)\/$/, 'PHASE/')}\``);
});

it('names every folder of the lib, and files that lie in it', () => {
  const rows = [...readme.matchAll(/^\| `([a-z-]+)\/` +\| (.*) +\| .* \|$/gm)];
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  expect(rows.map(([, folder]) => folder).sort()).toEqual(folders.map(({ name }) => name).sort());
  for (const [, folder = '', files = ''] of rows) {
    const named = [...files.matchAll(/`([a-z-]+\.ts)`/g)].map(([, file]) => file).sort();
    const there = readdirSync(resolve(import.meta.dirname, folder)).filter((file) => !file.includes('spec'));
    expect(named, folder).toEqual(there.sort());
  }
});

it('names files that are there', () => {
  const beside = /^Beside them.*?$(?=\n\n)/ms.exec(readme)?.[0] ?? '';
  const files = [...beside.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) expect(() => read(file), file).not.toThrow();
});
