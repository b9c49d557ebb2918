/** The command that README.md shows as an example, run on a task. */
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { afterAll, expect, it } from 'vitest';
import { writeTaskFolder } from '@layerwise/artifacts';
import { runCommand } from '../src/running/run-command.js';

const app = resolve(import.meta.dirname, '..');
const planted = join(app, 'dist/readme');
const task = mkdtempSync(join(tmpdir(), 'layerwise-readme-'));

afterAll(() => {
  for (const folder of [planted, task]) rmSync(folder, { recursive: true, force: true });
});

it('counts rows', async () => {
  const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(app, 'README.md'), 'utf8'))?.[1] ?? '';
  mkdirSync(planted, { recursive: true });
  const file = join(planted, 'count.ts');
  // The example stands in src/commands/count/.
  writeFileSync(file, example.replace("'../../running/", "'../../src/running/"));
  const { countCommand } = (await import(file)) as { countCommand: (command: Command) => void };

  const split = {
    index: Int32Array.of(0, 1, 2),
    text: ['it rains.', 'it snows.', 'it is dry.'],
    pair: null,
    label: Int32Array.of(0, 0, 1),
  };
  await writeTaskFolder({ name: 'weather', labels: ['wet', 'dry'], train: split, dev: split }, task);
  let stdout = '';
  const streams = { stdout: (text: string) => void (stdout += text), stderr: () => undefined };
  const command = new Command('count');
  countCommand(command);
  const program = new Command('layerwise').addCommand(command);
  expect(await runCommand(program, ['count', task, '--json'], streams)).toBe(0);
  expect(stdout).toBe('{"rows":3}\n');
});
