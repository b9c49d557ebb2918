import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { BERT, copyOfBert, editJson, temporaryFolder } from '../../test/folders.js';
import { openInPython, python } from '../../test/python.js';
import { type EncoderFolder, openEncoder } from './encoder-folder.js';
import { classifierOfDense } from '../architectures/bert/heads.js';
import type { FloatTensor } from '../architectures/tensors.js';
import { saveClassifier, saveEncoder } from './save-folder.js';
import { openSafetensors } from './safetensors-read.js';
import { writeSafetensors } from './safetensors-write.js';

function tensorsOf(encoder: EncoderFolder): FloatTensor[] {
  return encoder.tensors.shapes.map(({ name, shape }) => ({
    name,
    shape,
    data: encoder.tensors.readTensor(name),
  }));
}

function headOf({ head }: EncoderFolder) {
  if (!head) throw new Error('the fixture has a head');
  const tensors = head.shapes.map(({ name, shape }) => ({ name, shape, data: head.readTensor(name) }));
  return { labels: ['no', 'maybe', 'yes'], tensors };
}

function configOf(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
}

describe('an encoder written back', () => {
  it('has the same bits, config, tokeniser and pooler', async () => {
    const source = openEncoder(BERT);
    const folder = join(temporaryFolder(), 'deep', 'encoder');
    await saveEncoder(folder, source, tensorsOf(source));
    const again = openEncoder(folder);
    for (const { name, data } of tensorsOf(source)) expect(again.tensors.readTensor(name)).toEqual(data);
    expect(again.ignored).toEqual(['pooler.dense.bias', 'pooler.dense.weight']);
    expect(again.readIgnored('pooler.dense.bias').data).toEqual(source.head?.readTensor('pooler.dense.bias'));
    expect(configOf(folder)).toEqual({ ...configOf(BERT), architectures: ['BertModel'] });
    for (const file of ['tokenizer.json', 'tokenizer_config.json', 'vocab.txt']) {
      expect(readFileSync(join(folder, file))).toEqual(readFileSync(join(BERT, file)));
    }
    // And once more, from a bare encoder with a pooler.
    const third = join(temporaryFolder(), 'third');
    await saveEncoder(third, again, tensorsOf(again));
    expect(readFileSync(join(third, 'model.safetensors'))).toEqual(
      readFileSync(join(folder, 'model.safetensors')),
    );
  });

  it('says float32, whatever the source was stored as', async () => {
    const half = copyOfBert();
    const source = openEncoder(BERT);
    const file = openSafetensors(source.file);
    const stored = [...file.tensors.values()].map(({ name, shape }) => ({
      name,
      shape,
      data: file.readTensor(name),
    }));
    await writeSafetensors(join(half, 'model.safetensors'), stored, { floatType: 'F16' });
    editJson(join(half, 'config.json'), { dtype: undefined, torch_dtype: 'float16' });
    const folder = join(temporaryFolder(), 'encoder');
    await saveEncoder(folder, openEncoder(half), tensorsOf(source));
    expect(configOf(folder)['torch_dtype']).toBe('float32');
  });

  it('never replaces its source, and refuses tensors that are not the encoder', async () => {
    const folder = copyOfBert();
    const source = openEncoder(folder);
    await expect(saveEncoder(folder, source, tensorsOf(source))).rejects.toThrow(InputError);
    const target = join(temporaryFolder(), 'x');
    await expect(saveEncoder(target, source, tensorsOf(source).slice(1))).rejects.toThrow(/word_embeddings/);
    expect(existsSync(target)).toBe(false);
  });

  it('says so where it cannot be written', async () => {
    const source = openEncoder(BERT);
    const blocked = join(copyOfBert(), 'vocab.txt', 'encoder');
    await expect(saveEncoder(blocked, source, tensorsOf(source))).rejects.toThrow(InputError);
  });
});

it('a classifier written back has its head and labels', async () => {
  const source = openEncoder(BERT);
  const folder = join(temporaryFolder(), 'classifier');
  await saveClassifier(folder, source, tensorsOf(source), headOf(source));
  const again = openEncoder(folder);
  expect(again.head?.labels).toEqual(['no', 'maybe', 'yes']);
  for (const { name, data } of headOf(source).tensors) expect(again.head?.readTensor(name)).toEqual(data);
  expect(configOf(folder)).toMatchObject({
    architectures: ['BertForSequenceClassification'],
    id2label: { 0: 'no', 1: 'maybe', 2: 'yes' },
    label2id: { no: 0, maybe: 1, yes: 2 },
  });
});

it('a dense head as pooler and classifier gives its logits to float32', () => {
  const hidden = Float32Array.from({ length: 8 }, (_, i) => Math.fround(Math.sin(i + 1) * 20));
  const weight = Float32Array.from({ length: 16 }, (_, i) => Math.fround(Math.cos(3 * i)));
  const bias = Float32Array.of(0.5, -0.25);
  const tensors = classifierOfDense(weight, bias);
  const [pooler, , classifier] = tensors.map((tensor) => tensor.data);
  const pooled = hidden.map((_, i) =>
    Math.tanh(hidden.reduce((sum, x, j) => sum + x * (pooler?.[i * 8 + j] ?? 0), 0)),
  );
  for (const [label, offset] of bias.entries()) {
    const row = (w: Float32Array | undefined, x: Float32Array) =>
      x.reduce((sum, value, i) => sum + value * (w?.[label * 8 + i] ?? 0), offset);
    expect(Math.abs(row(classifier, pooled) - row(weight, hidden))).toBeLessThan(1e-5);
  }
});

describe.skipIf(python === undefined)(
  'opened in Python (set LAYERWISE_PYTHON where python3 lacks transformers)',
  () => {
    const reference = openSafetensors(join(BERT, 'expected.safetensors'));
    const { tokens: ids, texts } = JSON.parse(readFileSync(join(BERT, 'expected.json'), 'utf8')) as {
      tokens: number[][];
      texts: [string, string | null][];
    };
    const types = ids.map((row, i) => {
      const second = texts[i]?.[1] === null ? row.length : row.indexOf(3) + 1;
      return row.map((_, position) => (position < second ? 0 : 1));
    });

    /** Rows of a reference tensor [rows, padded length, hidden], without padding. */
    function largestDifference(found: readonly (readonly (readonly number[])[])[], name: string): number {
      const expected = reference.readTensor(name);
      const [, padded = 0, width = 0] = reference.tensors.get(name)?.shape ?? [];
      const differences = found.flatMap((row, r) =>
        row.flatMap((token, t) =>
          token.map((value, i) => Math.abs(value - (expected[(r * padded + t) * width + i] ?? NaN))),
        ),
      );
      return Math.max(...differences);
    }

    it('an encoder computes the same hidden states, nothing missing or unexpected', async () => {
      const source = openEncoder(BERT);
      const folder = join(temporaryFolder(), 'encoder');
      await saveEncoder(folder, source, tensorsOf(source));
      const report = openInPython(folder, 'encoder', { ids, types });
      expect(report).toMatchObject({
        class: 'BertModel',
        dtype: 'torch.float32',
        missing: [],
        unexpected: [],
      });
      expect(largestDifference(report.hidden, 'hidden.4')).toBeLessThan(1e-5);
    });

    it('a classifier computes the same logits', async () => {
      const source = openEncoder(BERT);
      const folder = join(temporaryFolder(), 'classifier');
      await saveClassifier(folder, source, tensorsOf(source), headOf(source));
      const report = openInPython(folder, 'classifier', { ids, types });
      expect(report).toMatchObject({ class: 'BertForSequenceClassification', missing: [], unexpected: [] });
      expect(report.labels).toEqual({ 0: 'no', 1: 'maybe', 2: 'yes' });
      const expected = reference.readTensor('logits');
      report.logits.flat().forEach((value, i) => {
        expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThan(1e-5);
      });
    });

    it('a dense head written as a classifier gives the logits of the dense head', async () => {
      const source = openEncoder(BERT);
      const weight = Float32Array.from({ length: 2 * 16 }, (_, i) => Math.fround(Math.sin(i)));
      const bias = Float32Array.of(0.25, -1);
      const folder = join(temporaryFolder(), 'dense');
      await saveClassifier(folder, source, tensorsOf(source), {
        labels: ['a', 'b'],
        tensors: classifierOfDense(weight, bias),
      });
      const report = openInPython(folder, 'classifier', { ids, types });
      const last = reference.readTensor('hidden.4');
      const [, padded = 0, width = 0] = reference.tensors.get('hidden.4')?.shape ?? [];
      report.logits.forEach((logits, row) => {
        const cls = last.subarray(row * padded * width, row * padded * width + width);
        logits.forEach((logit, label) => {
          const expected = cls.reduce((sum, x, i) => sum + x * weight[label * width + i]!, bias[label]!);
          expect(Math.abs(logit - expected)).toBeLessThan(1e-5);
        });
      });
    });
  },
);
