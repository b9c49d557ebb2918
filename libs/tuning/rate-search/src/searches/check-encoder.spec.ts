/** A search refuses an encoder with numbers that are not finite before its first trial. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTinyEncoderFolder, openEncoder, writeSafetensors } from '@layerwise/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkEncoder } from './check-encoder.js';
import type { OpenedSearch } from '../objective/finetune-objective.js';

const root = mkdtempSync(join(tmpdir(), 'layerwise-check-encoder-'));
const sound = join(root, 'sound');
afterAll(() => {
  rmSync(root, { recursive: true });
});
beforeAll(() => createTinyEncoderFolder(sound, ['tide', 'moon']));

const split = { index: Int32Array.of(0), text: ['tide'], pair: null, label: Int32Array.of(0) };
const phase = { task: { name: 'tides', labels: ['a'], train: split, dev: split }, report: null };

async function checked(name: string, row: number): Promise<readonly string[]> {
  const folder = mkdtempSync(join(root, 'encoder-'));
  cpSync(sound, folder, { recursive: true });
  const { tensors } = openEncoder(sound);
  const changed = tensors.shapes.map(({ name, shape }) => ({ name, shape, data: tensors.readTensor(name) }));
  const tensor = changed.find((one) => one.name === name);
  if (tensor) tensor.data[row * (tensor.shape[1] ?? 1)] = Infinity;
  await writeSafetensors(join(folder, 'model.safetensors'), changed);
  const opened = {
    encoder: openEncoder(folder),
    tasks: { original: phase, shifted: phase },
    training: { maximumLength: 16 },
  };
  return checkEncoder(opened as unknown as OpenedSearch);
}

it('by the tensor, and by the rows of words that the tasks have', async () => {
  const words = 'embeddings.word_embeddings.weight';
  const last = openEncoder(sound).config.vocabularySize - 1;
  expect(await checked('none', 0)).toEqual([]);
  await expect(checked('encoder.layer.1.output.dense.bias', 3)).rejects.toThrow(
    'number 3 of the tensor encoder.layer.1.output.dense.bias is Infinity',
  );
  // "moon" comes last; "tide" before it.
  expect(await checked(words, last)).toEqual([expect.stringContaining(`no text has: ${last}.`) as string]);
  await expect(checked(words, last - 1)).rejects.toThrow(`of the tensor ${words} is Infinity`);
});
