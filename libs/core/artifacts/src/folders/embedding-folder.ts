/**
 * Embeddings of a task as files: a folder of `train.arrow` and `dev.arrow` with a vector a row, in the task's
 * row order. The digest of the task's texts is in the metadata, so that embeddings of another task are told
 * from the right ones.
 */
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { digestOf, fingerprint } from '../files/digest.js';
import { readTable } from '../arrow/read-table.js';
import { column, defineTable } from '../arrow/schema.js';
import type { Split, Task } from './task.js';
import { writeTable, type WrittenTable } from '../arrow/write-table.js';

/** One vector for each row of one split of a task. */
export const embeddingTable = defineTable({
  name: 'embeddings',
  version: 1,
  description: 'One vector for each row of one split of a task, in its row order',
  columns: [
    column('index', 'int32', "the row's number in the task's source"),
    column('vector', 'fixed_size_list<float32>', 'the embedding of its text or pair of texts'),
  ],
  metadataKeys: ['task', 'texts', 'encoder', 'pooling'],
});

/** Vectors of one split. */
export interface Vectors {
  readonly index: Int32Array;
  /** Numbers of a vector. */
  readonly size: number;
  /** [rows, size] */
  readonly values: Float32Array;
}

/** Embeddings of a task's two splits. */
export interface Embeddings {
  /** The task's name. */
  readonly task: string;
  /** What made them, and how a text's tokens became one vector, for people. */
  readonly encoder: string;
  readonly pooling: string;
  readonly train: Vectors;
  readonly dev: Vectors;
  /** `digestOfTexts` of the splits that were embedded. */
  readonly texts: Readonly<Record<EmbeddedSplit, string>>;
}

const splits = ['train', 'dev'] as const;
export type EmbeddedSplit = (typeof splits)[number];

/** SHA-256 of a split's row numbers, texts and pairs in order, without labels: what embeddings are of. */
export function digestOfTexts({ index, text, pair }: Split): string {
  return fingerprint([
    digestOf(index),
    digestOf(JSON.stringify(text)),
    pair && digestOf(JSON.stringify(pair)),
  ]);
}

/** Writes `train.arrow` and `dev.arrow` into `folder`, which exists. */
export async function writeEmbeddingFolder(
  embeddings: Embeddings,
  folder: string,
): Promise<readonly WrittenTable[]> {
  const written: WrittenTable[] = [];
  for (const split of splits) {
    const { index, size, values } = embeddings[split];
    const metadata = {
      task: embeddings.task,
      texts: embeddings.texts[split],
      encoder: embeddings.encoder,
      pooling: embeddings.pooling,
    };
    const file = join(folder, `${split}.arrow`);
    written.push(await writeTable(file, embeddingTable, { index, vector: { size, values } }, metadata));
  }
  return written;
}

/**
 * Reads both splits. InputError where a file is missing or wrong, the two disagree or a number is not finite.
 */
export async function readEmbeddingFolder(folder: string): Promise<Embeddings> {
  const train = await readSplit(join(folder, 'train.arrow'));
  const dev = await readSplit(join(folder, 'dev.arrow'));
  const [ofTrain, ofDev] = [madeHow(train), madeHow(dev)];
  if (ofTrain !== ofDev)
    throw new InputError(
      `${folder}: train.arrow has vectors of ${ofTrain}, dev.arrow of ${ofDev}; embed the task again`,
    );
  return {
    task: train.metadata.task,
    encoder: train.metadata.encoder,
    pooling: train.metadata.pooling,
    train: train.vectors,
    dev: dev.vectors,
    texts: { train: train.metadata.texts, dev: dev.metadata.texts },
  };
}

/** `readEmbeddingFolder`, and InputError where the embeddings are not of this very task. */
export async function readEmbeddingsOf(task: Task, folder: string): Promise<Embeddings> {
  const embeddings = await readEmbeddingFolder(folder);
  checkEmbeddingsOf(embeddings, folder, task);
  return embeddings;
}

/** The vectors of these rows, in their order: [rows.length, size]. */
export function takeVectors(
  { size, values }: Pick<Vectors, 'size' | 'values'>,
  rows: Int32Array,
): Float32Array {
  const taken = new Float32Array(rows.length * size);
  rows.forEach((row, i) => taken.set(values.subarray(row * size, (row + 1) * size), i * size));
  return taken;
}

/** The numbers of two sets of vectors, one after the other. */
export function joinVectors(first: Float32Array, second: Float32Array): Float32Array {
  const joined = new Float32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** InputError where `embeddings` (of `folder`) are not of this very task. */
export function checkEmbeddingsOf(embeddings: Embeddings, folder: string, task: Task): void {
  for (const split of splits) {
    const [rows, vectors] = [task[split].text.length, embeddings[split].index.length];
    if (rows === vectors && embeddings.texts[split] === digestOfTexts(task[split])) continue;
    const what = rows === vectors ? 'other texts' : `${vectors} ${split} rows where the task has ${rows}`;
    throw new InputError(
      `${folder} holds embeddings of another task than ${task.name}: of ${embeddings.task}, with ${what}; embed this task`,
    );
  }
}

function madeHow({ vectors, metadata }: Awaited<ReturnType<typeof readSplit>>): string {
  return `${vectors.size} numbers by ${metadata.encoder} (${metadata.pooling})`;
}

async function readSplit(file: string) {
  const table = await readTable(file, embeddingTable);
  const { size, values } = table.column('vector');
  const bad = firstNotFinite(values);
  if (bad >= 0)
    throw new InputError(
      `${file}: row ${Math.floor(bad / size)}, number ${bad % size} of its vector is ${String(values[bad])}; embed the task again with weights that are finite`,
    );
  return { metadata: table.metadata, vectors: { index: table.column('index'), size, values } };
}

/** Its position, or -1. A loop: seven times as fast as `findIndex`, and there are millions of numbers. */
function firstNotFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) return i;
  return -1;
}
