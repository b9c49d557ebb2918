/** Searches in tests: words for small ones that take seconds, and what they leave. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTable, trialsTable, type Split, type Task } from '@layerwise/artifacts';
import { expect } from 'vitest';
import { type StudyJson } from '@layerwise/rate-search';
import { layerwise, type Answer } from './command.js';

export const TASKS = [
  ...['--original', 'builtin:agreement?rows=96&devRows=20&seed=1'],
  ...['--shifted', 'builtin:paraphrase?rows=90&devRows=20&seed=2'],
];
export const SMALL = [
  ...['--encoder', 'builtin:tiny', '--train-limit', '48', '--held-out', '30', '--epochs', '1'],
  ...[
    '--max-length',
    '32',
    '--sampler',
    'random',
    '--with-control',
    'no',
    '--repeats-best',
    '0',
    '--repeats-seeds',
    '0',
  ],
];
export const WHOLE = ['--scheduler', 'none'];

/** Runs a search that has to succeed, without a word on how it goes. */
export async function search(...words: readonly string[]): Promise<Answer> {
  const answer = await layerwise('search', ...words, '--json');
  expect(answer.code, answer.stderr).toBe(0);
  return answer;
}

export function studyIn(folder: string): StudyJson {
  return JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8')) as StudyJson;
}

export interface TrialRow {
  readonly trial: number;
  readonly repeatOf: number | null;
  readonly state: string;
  readonly origin: string;
  readonly values: readonly number[];
  readonly rates: readonly number[];
  readonly fidelity: number | null;
  readonly before: number | null;
  readonly original: number | null;
  readonly shifted: number | null;
  readonly reward: number | null;
  readonly steps: number;
  readonly seed: bigint;
}

/** trials.arrow without its column of time, which differs from run to run. */
export async function trialsIn(
  folder: string,
): Promise<{ rows: TrialRow[]; metadata: Readonly<Record<string, string>> }> {
  const table = await readTable(join(folder, 'trials.arrow'), trialsTable);
  const { offsets, values } = table.column('rates');
  const [state, origin, text] = [table.column('state'), table.column('origin'), table.column('values')];
  const [fidelity, reward, before] = [
    table.column('fidelity'),
    table.column('reward'),
    table.column('accuracy_original_before'),
  ];
  const [original, shifted] = [table.column('accuracy_original'), table.column('accuracy_shifted')];
  const [repeatOf, steps, seed] = [table.column('repeat_of'), table.column('steps'), table.column('seed')];
  const rows = Array.from(table.column('trial'), (trial, row): TrialRow => ({
    trial,
    repeatOf: repeatOf[row] ?? null,
    state: state[row] ?? '',
    origin: origin[row] ?? '',
    values: JSON.parse(text[row] ?? '[]') as number[],
    rates: [...values.subarray(offsets[row], offsets[row + 1])],
    fidelity: fidelity[row] ?? null,
    before: before[row] ?? null,
    original: original[row] ?? null,
    shifted: shifted[row] ?? null,
    reward: reward[row] ?? null,
    steps: steps[row]!,
    seed: seed[row] ?? 0n,
  }));
  return { rows, metadata: table.metadata };
}

/** A task of two classes with the labels of some rows swapped, by their place in the split. */
export function swapped(task: Task, split: 'train' | 'dev', isSwapped: (row: number) => boolean): Task {
  const { label } = task[split];
  const other: Split = {
    ...task[split],
    label: label.map((one, row) => (isSwapped(row) ? 1 - one : one)),
  };
  return { ...task, [split]: other };
}
