// The README's example is `example.ts`, which runs here, and prints what the README says.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { example } from './example.js';

const block = (readme: string, language: string): string | undefined =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];

test('the example in the README runs and prints what is said there', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const source = await readFile(new URL('example.ts', import.meta.url), 'utf8');
  expect(block(readme, 'ts')).toBe(source.replace("'../src/index.js'", "'@layerwise/artifacts'"));
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  try {
    expect(await example(folder)).toBe(block(readme, 'text'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
