/** What is to be said of an opened task, here that its labels look alike, is said by every command that opens one. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { layerwise, temporaryFolder } from './command.js';

const NOTE = /has labels that differ in white space alone/;

/** A task of 32 rows with a class that is written in two ways. */
function spacedTask(): string {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 32 }, (_, i) => `film ${i},${['bad', 'good', 'good '][i % 3]}\n`);
  for (const split of ['train', 'dev'])
    writeFileSync(join(folder, `${split}.csv`), `text,label\n${rows.join('')}`);
  return folder;
}

const TINY = ['--encoder', 'builtin:tiny', '--threads', '1', '--epochs', '3'];
const PAIR = (task: string) => ['--original', task, '--shifted', 'builtin:topic?rows=16&devRows=8'];

it.each([
  ['finetune', (task: string) => [...PAIR(task), ...TINY, '--rates', '1e-3']],
  [
    'finetune',
    (task: string) => ['--sequence', `${task},builtin:topic?rows=16&devRows=8`, ...TINY, '--rates', '1e-3'],
  ],
  ['stage', (task: string) => ['dataset-shift', ...PAIR(task)]],
  ['stage', (task: string) => ['datasets', ...PAIR(task)]],
])('%s', { timeout: 60_000 }, async (command, words) => {
  const onStderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { code, stdout, stderr } = await layerwise(
    command,
    ...words(spacedTask()),
    ...['--out', join(temporaryFolder(), 'out'), '--json'],
  );
  const said = `${stdout}${stderr}${onStderr.mock.calls.map(([text]) => String(text)).join('')}`;
  onStderr.mockRestore();
  expect(code).toBe(0);
  expect(said).toMatch(NOTE);
});
