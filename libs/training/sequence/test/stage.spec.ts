/**
 * The stage on its own: what it leaves, what it says, and that one which was stopped ends with the same bits.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accuracyMatrixTable, readTable, runStage, writeTaskFolder, type Task } from '@layerwise/artifacts';
import { CHECKPOINT_FILE } from '@layerwise/finetune';
import { createTinyEncoderFolder, openEncoder } from '@layerwise/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sequenceStage } from '../src/index.js';

const TASKS = ['first', 'second', 'third'].map((name, place): Task => {
  const text = ['a river', 'a lake', 'the river rose', 'the lake rose', 'the river', 'the lake'];
  const label = Int32Array.from(text, (_, row) => (row >> place) % 2);
  const split = { index: Int32Array.from(text.keys()), text, pair: null, label };
  return { name, labels: ['no', 'yes'], train: split, dev: split };
});
const ALL = TASKS.map(({ name }) => name);

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerwise-sequence-'));
  const words = ['a', 'the', 'river', 'lake', 'rose'];
  await createTinyEncoderFolder(join(folder, 'encoder'), words, { layers: 2, seed: 1 });
  for (const task of TASKS) await writeTaskFolder(task, join(folder, task.name));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const stage = (out: string, tasks: readonly string[], more: object = {}) =>
  runStage(sequenceStage, {
    parameters: { rates: '1e-2', groups: 'layers', batch: 2, epochs: 2, threads: 1, dropout: 0.1 },
    inputs: { tasks: tasks.map((task) => join(folder, task)), encoder: join(folder, 'encoder') },
    outputFolder: join(folder, out),
    ...more,
  });

const weights = (out: string): Buffer => readFileSync(join(folder, out, 'encoder/model.safetensors'));

it('trains the tasks in their order and leaves the matrix and the weights', async () => {
  const lines: string[] = [];
  const { manifest } = await stage('whole', ALL, { progress: (line: string) => lines.push(line) });
  expect(lines.filter((line) => line.endsWith('steps'))).toEqual([
    'first (1 of 3): 6 steps',
    'second (2 of 3): 6 steps',
    'third (3 of 3): 6 steps',
  ]);
  expect(manifest.outputs.map(({ file }) => file)).toEqual(
    expect.arrayContaining(['accuracy-matrix.arrow', 'encoder/model.safetensors', 'heads.safetensors']),
  );
  const table = await readTable(join(folder, 'whole/accuracy-matrix.arrow'), accuracyMatrixTable);
  const last = Array.from(table.column('accuracy')).slice(6);
  expect(Object.values(manifest.counts ?? {})).toEqual(last);
  expect(Object.keys(manifest.counts ?? {})).toEqual(ALL.map((name) => `accuracy on ${name}`));
  expect(openEncoder(join(folder, 'whole/encoder')).config.layers).toBe(2);
  expect(existsSync(join(folder, 'whole', CHECKPOINT_FILE))).toBe(false);

  expect((await stage('whole', ALL)).skipped).toBe(true);
  // The order of the tasks is what it is about.
  expect((await stage('whole', ALL.toReversed())).skipped).toBe(false);
});

it('that was stopped goes on to the same bits', async () => {
  await stage('unbroken', ALL);
  const stop = new AbortController();
  const progress = (line: string): void => {
    if (line.startsWith('second')) stop.abort();
  };
  await expect(stage('stopped', ALL, { signal: stop.signal, progress })).rejects.toThrow();
  expect(existsSync(join(folder, 'stopped', CHECKPOINT_FILE))).toBe(true);
  const lines: string[] = [];
  await stage('stopped', ALL, { progress: (line: string) => lines.push(line) });
  expect(lines[0]).toBe('second (2 of 3): 6 steps, 1 of them done');
  expect(weights('stopped').equals(weights('unbroken'))).toBe(true);
});

it('refuses a sequence of one', async () => {
  await expect(stage('one', ['first'])).rejects.toThrow('takes two tasks or more');
});
