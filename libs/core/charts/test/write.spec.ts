/** Files: both or none, nothing half-written, and a sentence where the file system says no. */
import { chmodSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { expect, it, onTestFinished } from 'vitest';
import { renderChart, writeChart } from '../src/index.js';
import { charts } from './examples.js';

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-charts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it('writes what renderChart draws, into folders that it makes, over what was there', async () => {
  const folder = scratch();
  mkdirSync(join(folder, 'plots'));
  writeFileSync(join(folder, 'plots', 'a.svg'), 'old');
  await writeChart(charts.bar, join(folder, 'plots', 'a'));
  await writeChart(charts.bar, join(folder, 'new', 'folders', 'v1.5'));
  const { svg, png } = await renderChart(charts.bar);
  for (const path of ['plots/a', 'new/folders/v1.5']) {
    expect(readFileSync(join(folder, `${path}.svg`), 'utf8')).toBe(svg);
    expect(readFileSync(join(folder, `${path}.png`)).equals(png)).toBe(true);
  }
  expect(readdirSync(join(folder, 'plots')).sort()).toEqual(['a.png', 'a.svg']);
});

it.each([
  [
    'a file where the folder should be',
    'ENOTDIR|EEXIST',
    (at: string) => writeFileSync(join(at, 'plots'), ''),
  ],
  [
    'a folder where the PNG should be',
    'EISDIR|ENOTEMPTY|EEXIST|EPERM',
    (at: string) => mkdirSync(join(at, 'plots', 'a.png', 'x'), { recursive: true }),
  ],
])('refuses %s and leaves no temporary file', async (_, code, prepare) => {
  const folder = scratch();
  prepare(folder);
  const failure = await writeChart(charts.bar, join(folder, 'plots', 'a')).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InputError);
  const { message } = failure as InputError;
  expect(message).toMatch(
    new RegExp(
      `^cannot (make the folder|write the chart) .*plots.*: .* \\((${code})\\); (choose another|give a folder)`,
    ),
  );
  expect(message).not.toContain('\n');
  expect(
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.includes('tmp')),
  ).toEqual([]);
});

it.skipIf(process.getuid?.() === 0)(
  'refuses a folder that may not be written (skipped for root)',
  async () => {
    const folder = scratch();
    chmodSync(folder, 0o500);
    await expect(writeChart(charts.bar, join(folder, 'a'))).rejects.toThrow(/EACCES/);
  },
);

it('two writers of one chart do not disturb each other', async () => {
  const folder = scratch();
  await Promise.all([1, 2, 3].map(() => writeChart(charts.bar, join(folder, 'a'))));
  expect(readdirSync(folder).sort()).toEqual(['a.png', 'a.svg']);
});
