/**
 * A small task with vectors, clusters, a pair and predictions, as the folders that other stages would leave.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  clusterTable,
  digestOfTexts,
  predictionsTable,
  writeEmbeddingFolder,
  writeTable,
  writeTaskFolder,
  type Embeddings,
  type Split,
  type Task,
} from '@layerwise/artifacts';
import { onTestFinished } from 'vitest';

const SIZE = 4;

function splitOf(name: string, rows: number): Split {
  return {
    index: Int32Array.from({ length: rows }, (_, row) => 10 + row),
    text: Array.from({ length: rows }, (_, row) => `${name} boat ${row} <& leaves`),
    pair: null,
    label: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 2) % 2),
  };
}

export const boats: Task = {
  name: 'boats',
  labels: ['early', 'late'],
  train: splitOf('first', 30),
  dev: splitOf('second', 40),
};

/** Odd rows are far from even ones; within each, rows lie in a line. */
function vectorsOf({ index }: Split): Embeddings['dev'] {
  const values = Float32Array.from({ length: index.length * SIZE }, (_, i) => {
    const row = Math.floor(i / SIZE);
    return i % SIZE === 0 ? 10 * (row % 2) : Math.sin(row * (i % SIZE));
  });
  return { index, size: SIZE, values };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'projection-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function taskFolder(task: Task = boats): Promise<string> {
  const folder = temporaryFolder();
  await writeTaskFolder(task, folder);
  return folder;
}

export async function embeddingFolder(task: Task = boats): Promise<string> {
  const folder = temporaryFolder();
  const texts = { train: digestOfTexts(task.train), dev: digestOfTexts(task.dev) };
  const [train, dev] = [vectorsOf(task.train), vectorsOf(task.dev)];
  await writeEmbeddingFolder({ task: task.name, encoder: 'own', pooling: 'cls', train, dev, texts }, folder);
  return folder;
}

/** Odd and even rows; with `parts`, as a pair whose D_s lacks the last dev row. */
export async function clusterFolder(parts: boolean, task: Task = boats): Promise<string> {
  const folder = temporaryFolder();
  const splits = [task.train, task.dev];
  await writeTable(
    join(folder, 'clusters.arrow'),
    clusterTable,
    {
      split: splits.flatMap(({ index }, i) => Array.from(index, () => (i === 0 ? 'train' : 'dev'))),
      index: Int32Array.from(splits.flatMap(({ index }) => [...index])),
      cluster: Int32Array.from(splits.flatMap(({ index }) => Array.from(index, (_, row) => row % 2))),
    },
    { task: task.name, k: '2' },
  );
  if (!parts) return folder;
  for (const [part, odd] of [
    ['original', 0],
    ['shifted', 1],
  ] as const) {
    const take = (split: Split, rows: number): Split => {
      const kept = Array.from({ length: rows }, (_, row) => row).filter((row) => row % 2 === odd);
      const text = kept.map((row) => split.text[row] ?? '');
      const of = (column: Int32Array) => Int32Array.from(kept, (row) => column[row]!);
      return { index: of(split.index), text, pair: null, label: of(split.label) };
    };
    mkdirSync(join(folder, part));
    const { train, dev } = task;
    await writeTaskFolder(
      { ...task, name: part, train: take(train, 30), dev: take(dev, 39) },
      join(folder, part),
    );
  }
  return folder;
}

/** Every dev row but the first is predicted to be early. */
export async function predictionFile(task: Task = boats): Promise<string> {
  const file = join(temporaryFolder(), 'predictions.arrow');
  const rows = task.dev.index.length - 1;
  await writeTable(
    file,
    predictionsTable,
    {
      index: task.dev.index.slice(1),
      label: task.dev.label.slice(1),
      predicted: new Int32Array(rows),
      logits: { size: 2, values: new Float32Array(2 * rows) },
    },
    { task: task.name, labels: JSON.stringify(task.labels) },
  );
  return file;
}
