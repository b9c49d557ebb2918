/**
 * The README's example is test/readme-example.ts, and does what it says; the files and states it names are
 * there.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, vi } from 'vitest';
import { TRIAL_STATES } from './study/trial.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README runs as it is printed there', async () => {
  const example = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/search');
  expect(readme).toContain('```ts\n' + example + '```');
  const [before, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), 'layerwise-readme-'))];
  vi.spyOn(console, 'error').mockReturnValue();
  process.chdir(folder);
  try {
    const { best, end, spent, trials } = await import('../test/readme-example.js');
    expect(end).toEqual({ kind: 'done', reason: '17 trials are made' });
    // Brackets of 9, 5 and 3 trials: 9·1 + 3·(3−1) + 1·(9−3), 5·3 + 1·(9−3) and 3·9 epochs.
    expect(trials).toHaveLength(17 + 2 * 3);
    expect(spent).toEqual({ search: 9 + 6 + 6 + 15 + 6 + 27, repeats: 6 * 9 });
    expect(best?.reward).toBeGreaterThan(0.85);
    expect(Math.abs(Math.log10(Number(best?.values[0])) + 4)).toBeLessThan(0.3);
    expect(best?.repeats?.rewards).toHaveLength(3);
    expect(existsSync('search/journal.jsonl')).toBe(true);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
});

it('names every folder of the lib, and files that lie in it', () => {
  const rows = [...readme.matchAll(/^\| `([a-z-]+)\/` \| (.*) \|$/gm)];
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  expect(rows.map(([, folder]) => folder).sort()).toEqual(folders.map(({ name }) => name).sort());
  for (const [, folder, cells] of rows)
    for (const [, file] of cells!.matchAll(/`([a-z-]+\.ts)`/g))
      expect(() => read(`${folder}/${file}`), file).not.toThrow();
});

it('tells every state of a trial', () => {
  for (const state of TRIAL_STATES) expect(readme).toContain(`| \`${state}\` |`);
});
