/**
 * What the tests of this lib share: PyTorch's numbers, the encoders that they are of, tasks, folders that are
 * gone afterwards.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Split, Task } from '@layerwise/artifacts';
import { onTestFinished } from 'vitest';
import type { EmbedTaskOptions } from '../src/index.js';

/** A four-layer BERT of width 16, see tools/reference/make_bert_fixture.py. */
export const BERT = resolve(import.meta.dirname, '../../../compute/model/fixtures/bert');
/** The same as an ONNX file, see tools/reference/embeddings.py. */
export const ONNX = resolve(import.meta.dirname, '../fixtures/onnx');
/** Numbers of a vector of theirs. */
export const SIZE = 16;

interface Numbers<Row> {
  readonly texts: readonly Row[];
  readonly cls: readonly (readonly number[])[];
  readonly mean: readonly (readonly number[])[];
  readonly sentence: readonly (readonly number[])[];
}

/** What PyTorch makes of texts in float64, see tools/reference/embeddings.py. */
export const reference = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../fixtures/expected.json'), 'utf8'),
) as {
  readonly maxLength: number;
  readonly single: Numbers<string>;
  readonly pair: Numbers<readonly [string, string]>;
};

export function splitOf(text: readonly string[], pair: readonly string[] | null = null): Split {
  return { index: Int32Array.from(text.keys()), text, pair, label: new Int32Array(text.length) };
}

export function taskOf(train: Split, dev: Split = splitOf(['lamp'], train.pair && [''])): Task {
  return { name: 'own', labels: ['one'], train, dev };
}

/** The reference's texts, and its pairs, as tasks. */
export const SINGLE = taskOf(splitOf(reference.single.texts));
export const PAIRS = taskOf(
  splitOf(
    reference.pair.texts.map(([text]) => text),
    reference.pair.texts.map(([, pair]) => pair),
  ),
);

export const OPTIONS: EmbedTaskOptions = {
  pooling: 'cls',
  maximumLength: reference.maxLength,
  batchTokens: 64,
  engine: 'onnxruntime',
  provider: 'cpu',
  threads: 1,
  cacheFolder: null,
};

/** The largest difference of a number; NaN where lengths differ. */
export function worst(found: Float32Array, expected: readonly (readonly number[])[] | Float32Array): number {
  const numbers = expected instanceof Float32Array ? expected : expected.flat();
  if (found.length !== numbers.length) return NaN;
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - numbers[i]!)), 0);
}

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-embeddings-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A copy of an encoder that a test may change. */
export function copyOf(encoder: string): string {
  const folder = temporaryFolder();
  cpSync(encoder, folder, { recursive: true });
  return folder;
}

/**
 * Makes a folder one of sentence-transformers: with these modules, and this config.json of the Pooling
 * module.
 */
export function addModules(folder: string, kinds: readonly string[], pooling: object): string {
  const modules = kinds.map((kind, idx) => ({
    idx,
    name: String(idx),
    path: kind === 'Transformer' ? '' : `${idx}_${kind}`,
    type: `sentence_transformers.models.${kind}`,
  }));
  writeFileSync(join(folder, 'modules.json'), JSON.stringify(modules));
  cpSync(join(folder, 'config.json'), join(folder, '1_Pooling', 'config.json'));
  writeFileSync(join(folder, '1_Pooling', 'config.json'), JSON.stringify(pooling));
  return folder;
}
