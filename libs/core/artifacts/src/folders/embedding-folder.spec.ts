/**
 * Embeddings as files: they come back as they were, and what does not belong together is refused with one
 * sentence.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  checkEmbeddingsOf,
  digestOfTexts,
  embeddingTable,
  readEmbeddingFolder,
  writeEmbeddingFolder,
  type Embeddings,
} from './embedding-folder.js';
import type { Split, Task } from './task.js';
import { writeTable } from '../arrow/write-table.js';

const splitOf = (...text: string[]): Split => ({
  index: Int32Array.from(text, (_, row) => 10 * row),
  text,
  pair: null,
  label: new Int32Array(text.length),
});
const task: Task = {
  name: 'harbour',
  labels: ['in', 'out'],
  train: splitOf('a ship came', 'it left', 'none came'),
  dev: splitOf('two ships', 'a boat'),
};
const embeddings: Embeddings = {
  task: 'harbour',
  encoder: 'by hand',
  pooling: 'cls',
  train: { index: task.train.index, size: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  dev: { index: task.dev.index, size: 2, values: Float32Array.of(7, 8, 9, 10) },
  texts: { train: digestOfTexts(task.train), dev: digestOfTexts(task.dev) },
};

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-embeddings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it('come back as they were, and are those of their task', async () => {
  const folder = temporaryFolder();
  await writeEmbeddingFolder(embeddings, folder);
  const read = await readEmbeddingFolder(folder);
  expect(read).toEqual(embeddings);
  expect(() => checkEmbeddingsOf(read, folder, task)).not.toThrow();
});

it('the digest of texts is of numbers, texts and pairs in their order, not of labels', () => {
  const { train } = task;
  const digest = digestOfTexts(train);
  expect(digestOfTexts({ ...train, label: Int32Array.of(1, 1, 1) })).toBe(digest);
  for (const changed of [
    { ...train, index: Int32Array.of(0, 10, 21) },
    { ...train, text: train.text.toReversed() },
    { ...train, pair: train.text },
  ])
    expect(digestOfTexts(changed)).not.toBe(digest);
});

describe('refused are', () => {
  const refusal = async (change: Partial<Embeddings>): Promise<string> => {
    const folder = temporaryFolder();
    await writeEmbeddingFolder({ ...embeddings, ...change }, folder);
    const error: unknown = await readEmbeddingFolder(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message.replace(folder, 'FOLDER');
  };

  it.each([NaN, Infinity, -Infinity])('%d among the numbers, with its place', async (bad) => {
    const values = embeddings.dev.values.with(3, bad);
    expect(await refusal({ dev: { ...embeddings.dev, values } })).toBe(
      `FOLDER/dev.arrow: row 1, number 1 of its vector is ${bad}; embed the task again with weights that are finite`,
    );
  });

  it('splits of other sizes, encoders or poolings', async () => {
    const wide = { index: task.dev.index, size: 3, values: new Float32Array(6) };
    expect(await refusal({ dev: wide })).toBe(
      'FOLDER: train.arrow has vectors of 2 numbers by by hand (cls), dev.arrow of 3 numbers by by hand (cls); embed the task again',
    );
    for (const other of [{ encoder: 'another' }, { pooling: 'mean' }]) {
      const folder = temporaryFolder();
      await writeEmbeddingFolder(embeddings, folder);
      const { index, size, values } = embeddings.dev;
      const { task: name, encoder, pooling, texts } = embeddings;
      const metadata = { task: name, texts: texts.dev, encoder, pooling, ...other };
      const columns = { index, vector: { size, values } };
      await writeTable(join(folder, 'dev.arrow'), embeddingTable, columns, metadata);
      await expect(readEmbeddingFolder(folder)).rejects.toThrow(
        /train\.arrow has .* dev\.arrow of .*; embed/,
      );
    }
  });

  it('those of another task', () => {
    const reworded: Task = { ...task, dev: splitOf('two ships', 'a raft') };
    expect(() => checkEmbeddingsOf(embeddings, 'FOLDER', reworded)).toThrow(
      new InputError(
        'FOLDER holds embeddings of another task than harbour: of harbour, with other texts; embed this task',
      ),
    );
    const shorter: Task = { ...task, dev: splitOf('two ships') };
    expect(() => checkEmbeddingsOf(embeddings, 'FOLDER', shorter)).toThrow(
      /with 2 dev rows where the task has 1; embed this task/,
    );
  });
});
