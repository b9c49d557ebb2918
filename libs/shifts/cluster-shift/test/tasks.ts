/** Tasks whose embeddings lie around as many middles as a test wants. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOfTexts, type Embeddings, type Split, type Task, type Vectors } from '@layerwise/artifacts';
import { blobPoints } from './points.js';

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'cluster-shift-'));

/** So many rows, whose labels take turns by threes, so that every blob has both. */
function splitOf(rows: number, name: string): Split {
  const numbers = Int32Array.from({ length: rows }, (_, row) => row);
  return {
    index: numbers.map((row) => 1000 + 2 * row),
    text: Array.from(numbers, (row) => `${name} sentence ${row}`),
    pair: null,
    label: numbers.map((row) => Math.floor(row / 3) % 2),
  };
}

export function taskOf(trainRows: number, devRows: number): Task {
  const [train, dev] = [splitOf(trainRows, 'train'), splitOf(devRows, 'dev')];
  return { name: 'rivers', labels: ['calm', 'wild'], train, dev };
}

/** Embeddings of `task` around `blobs` middles: row i around middle i mod `blobs`. */
export function embeddingsOf(task: Task, size: number, blobs: number, seed: number): Embeddings {
  const rows = task.train.text.length;
  // Of one draw, so that dev lies around the same middles.
  const { values } = blobPoints(Math.ceil(rows / blobs) * blobs + task.dev.text.length, size, blobs, seed);
  const vectors = ({ index }: Split, first: number): Vectors => ({
    index,
    size,
    values: values.slice(first * size, (first + index.length) * size),
  });
  return {
    task: task.name,
    encoder: 'formula',
    pooling: 'cls',
    train: vectors(task.train, 0),
    dev: vectors(task.dev, Math.ceil(rows / blobs) * blobs),
    texts: { train: digestOfTexts(task.train), dev: digestOfTexts(task.dev) },
  };
}
