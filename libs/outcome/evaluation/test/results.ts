/** Results of cells as plain data, for tests of what is counted from them. */
import type { Split, Task } from '@layerwise/artifacts';
import { settingsFrom } from '@layerwise/finetune';
import type { EvaluatedPair } from '../src/plan/plan.js';
import type { CellResult } from '../src/runs/read-cell.js';

const settings = settingsFrom(
  {
    rates: '1e-3',
    groups: 'layers',
    optimizer: 'adam',
    schedule: 'cosine',
    warmup: 0.1,
    epochsOriginal: 1,
    epochsShifted: 1,
    batch: 4,
    accumulate: 1,
    maxLength: 16,
    seed: 1,
    engine: 'onnxruntime',
    provider: 'cpu',
    threads: 1,
  },
  1,
);

/** A pair of tasks whose dev rows all have the label 0. */
export function pairOf(original: string, shifted: string, rows = 4): EvaluatedPair {
  const split: Split = {
    index: Int32Array.from({ length: rows }, (_, row) => row),
    text: Array.from({ length: rows }, (_, row) => `text ${row}`),
    pair: null,
    label: new Int32Array(rows),
  };
  const task = (name: string): Task => ({ name, labels: ['right', 'wrong'], train: split, dev: split });
  const tasks = { original: task(original), shifted: task(shifted) };
  return { name: `${original} → ${shifted}`, folder: '', tasks };
}

/** Rows that a model got right, as 1 and 0, of each dev split; `before`: of D_o's between the phases. */
export interface Rights {
  readonly original: readonly number[];
  readonly shifted: readonly number[];
  readonly before?: readonly number[];
}

export function result(method: string, pair: string, seed: number, rights: Rights): CellResult {
  const answers = (right: readonly number[]) => ({
    index: Int32Array.from(right, (_, row) => row),
    label: new Int32Array(right.length),
    predicted: Int32Array.from(right, (one) => 1 - one),
  });
  const mean = (right: readonly number[]) => ({
    value: right.reduce((sum, one) => sum + one, 0) / right.length,
  });
  const { original, shifted, before } = rights;
  return {
    cell: {
      method,
      pair,
      seed,
      folder: '',
      formerFolder: '',
      drift: false,
      texts: { original: 4, shifted: 4 },
      settings: { ...settings, method: { name: method, ...(method === 'single' && { alone: true }) } },
    },
    status: 'complete',
    accuracies: {
      originalBefore: before ? mean(before) : { reason: 'there is none' },
      original: mean(original),
      shifted: mean(shifted),
    },
    answers: { original: answers(original), shifted: answers(shifted) },
    answersBefore: before ? answers(before) : null,
    drift: [],
    steps: 2,
    seconds: 1,
  };
}
