/**
 * A new stage touches its own lib and one line of the registry: here it is declared in the test, the registry
 * is given that line, and command line, help, list, presets, plan and run know it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineStage } from '@layerwise/artifacts';
import { afterAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createProgram } from '../src/main.js';
import { entryWorks } from '../src/plan/work.js';
import { runCommand } from '../src/running/run-command.js';
import { parsePreset } from '../src/stages/preset.js';
import type * as Registry from '../src/stages/registry.js';

const greetingStage = defineStage({
  name: 'greeting',
  version: 1,
  description: 'Writes a greeting.',
  after: [],
  inputs: {},
  parameters: z.object({ word: z.string().default('hello').describe('what is said') }),
  outputs: [{ file: 'greeting.txt', description: 'the greeting' }],
  takesPair: true,
  makes: ({ word }) => ({ said: { train: word.length, dev: 1 } }),
  work: () => ({ steps: 0, textsRead: 0, batch: 1, maxLength: 8, threads: 1, workers: 1, copies: 0 }),
  run({ parameters: { word }, outputFolder }) {
    writeFileSync(join(outputFolder, 'greeting.txt'), `${word}\n`);
    return Promise.resolve(undefined);
  },
});

vi.mock('../src/stages/registry.js', async (original) => {
  const registry = await original<typeof Registry>();
  return {
    stageNames: [...registry.stageNames, 'greeting'],
    stageOf: (entry: string) => (entry.split('@')[0] === 'greeting' ? 'greeting' : registry.stageOf(entry)),
    loadStage: (name: string) =>
      name === 'greeting' ? Promise.resolve(greetingStage) : registry.loadStage(name),
  };
});

const root = mkdtempSync(join(tmpdir(), 'layerwise-new-stage-'));
const preset = join(root, 'small.yaml');
writeFileSync(preset, 'greeting:\n  word: hi\n');

afterAll(() => {
  rmSync(root, { recursive: true });
});

async function layerwise(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const streams = {
    stdout: (text: string) => void (written.stdout += text),
    stderr: (text: string) => void (written.stderr += text),
  };
  return { code: await runCommand(await createProgram(streams), words, streams), ...written };
}

it('runs alone, with its parameters as options, and skips when nothing has changed', async () => {
  const out = join(root, 'alone');
  expect(await layerwise('stage', 'greeting', '--word', 'good day', '--out', out)).toMatchObject({ code: 0 });
  expect(readFileSync(join(out, 'greeting.txt'), 'utf8')).toBe('good day\n');
  const again = await layerwise('stage', 'greeting', '--word', 'good day', '--out', out);
  expect(again.stdout).toContain('is up to date');
});

it('has help and a line in the list', async () => {
  expect((await layerwise('stage', 'greeting', '--help')).stdout).toMatch(/--word <value>\s+what is said/);
  expect((await layerwise('stage', '--list')).stdout).toContain('Writes a greeting.');
});

it('is known to presets, the plan and the pipeline', async () => {
  const cache = ['--data-cache', join(root, 'cache')];
  const planned = await layerwise('plan', '--preset', preset, ...cache, '--json');
  expect(planned.stdout).toContain('greeting');
  expect(await layerwise('run', '--preset', preset, ...cache)).toMatchObject({ code: 0 });
  expect(readFileSync(join(root, 'cache/small/greeting/greeting.txt'), 'utf8')).toBe('hi\n');
  writeFileSync(preset, 'greeting:\n  wort: hi\n');
  const refused = await layerwise('run', '--preset', preset, ...cache);
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain('wort');
});

it('tells the plan which tasks it makes, for stages that read them', async () => {
  const entries = [
    { name: 'greeting', values: { word: 'hello' } },
    { name: 'embed', values: { task: 'greeting/said', encoder: 'builtin:tiny' } },
  ];
  const [, embed] = await entryWorks(entries, ['greeting', 'embed']);
  expect(embed?.work?.textsRead).toBe('hello'.length + 1);
});

it('takes what a pair of a preset is made of', async () => {
  const text = 'pairs: { all: { a-b: { word: hi } } }\ngreeting@all: {}\nsearch@all: {}\n';
  expect(await parsePreset(text, 'p.yaml')).toEqual({ 'greeting@a-b': { word: 'hi' }, 'search@a-b': {} });
});
