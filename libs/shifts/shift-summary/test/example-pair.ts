/** Small tasks of our own with vectors that a formula gives, cut into pairs, as folders. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  digestOfTexts,
  writeEmbeddingFolder,
  type Embeddings,
  type Split,
  type Task,
} from '@layerwise/artifacts';
import { cutTask, pairOfTasks, writePairFolder, type Pair, type PairKind } from '@layerwise/pairs';
import { drawsFor } from '../src/random.js';
import { normalVectors } from './formula.js';

/** Rows that go to the shifted part when a task is cut: every other one. */
const isOdd = (row: number) => row % 2 === 1;

function splitOf(name: string, rows: number): Split {
  return {
    index: Int32Array.from({ length: rows }, (_, row) => 100 + row),
    text: Array.from({ length: rows }, (_, row) => `${name} sentence ${row}`),
    pair: null,
    label: Int32Array.from({ length: rows }, (_, row) => (row >> 1) % 2),
  };
}

export function taskOf(name: string, trainRows: number, devRows: number): Task {
  return {
    name,
    labels: ['no', 'yes'],
    train: splitOf(`${name} train`, trainRows),
    dev: splitOf(`${name} dev`, devRows),
  };
}

/** One task in two parts by turns. */
export function alternating(task: Task, kind: PairKind): Pair {
  const rows = (wanted: (row: number) => boolean) => ({
    train: Int32Array.from(task.train.text.keys()).filter(wanted),
    dev: Int32Array.from(task.dev.text.keys()).filter(wanted),
  });
  return cutTask(
    task,
    kind,
    { original: rows((row) => !isOdd(row)), shifted: rows(isOdd) },
    { original: `${task.name} (even)`, shifted: `${task.name} (odd)` },
  );
}

/** Normal vectors; the rows for which `moved` is true have `shift` more in each number. */
export function embeddingsOf(
  task: Task,
  seed: number,
  shift: number,
  { size = 8, encoder = 'formula', moved = isOdd } = {},
): Embeddings {
  const ofSplit = (split: 'train' | 'dev') => {
    const { index } = task[split];
    const { values } = normalVectors(drawsFor(seed, split), index.length, size);
    return { index, size, values: values.map((v, i) => v + (moved(Math.floor(i / size)) ? shift : 0)) };
  };
  return {
    task: task.name,
    encoder,
    pooling: 'cls',
    train: ofSplit('train'),
    dev: ofSplit('dev'),
    texts: { train: digestOfTexts(task.train), dev: digestOfTexts(task.dev) },
  };
}

/** Writes the folders of a pair and of embeddings below `folder`; returns their paths. */
export async function written(folder: string, pair: Pair, ...embeddings: readonly Embeddings[]) {
  const pairFolder = join(folder, 'pair');
  await mkdir(pairFolder, { recursive: true });
  await writePairFolder(pair, pairFolder);
  const folders: string[] = [];
  for (const [i, one] of embeddings.entries()) {
    const path = join(folder, `embeddings${i + 1}`);
    await mkdir(path, { recursive: true });
    await writeEmbeddingFolder(one, path);
    folders.push(path);
  }
  return { pair: pairFolder, embeddings: folders };
}

/** Two tasks whose vectors differ by `shift`. */
export function twoTasks(shift: number) {
  const [reviews, letters] = [taskOf('reviews', 120, 60), taskOf('letters', 90, 50)];
  return {
    pair: pairOfTasks(reviews, letters),
    embeddings: [
      embeddingsOf(reviews, 5, 0),
      embeddingsOf(letters, 6, shift, { moved: () => true }),
    ] as const,
  };
}
