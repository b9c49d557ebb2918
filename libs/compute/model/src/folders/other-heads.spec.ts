/**
 * Folders of encoders with heads that are not ours: opened as AutoModel opens them, what is left out named.
 */
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { BERT, copyOfBert, editJson } from '../../test/folders.js';
import { openEncoder } from './encoder-folder.js';
import { openSafetensors } from './safetensors-read.js';
import { writeSafetensors, type NamedTensor } from './safetensors-write.js';

const stored = openSafetensors(join(BERT, 'model.safetensors'));
const ofEncoder: NamedTensor[] = [...stored.tensors.values()]
  .filter(({ name }) => name.startsWith('bert.') && !name.includes('pooler'))
  .map(({ name, shape }) => ({ name, shape, data: stored.readTensor(name) }));
const zeros = (name: string, ...shape: number[]): NamedTensor => ({
  name,
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

async function folderOf(
  tensors: readonly NamedTensor[],
  config: Record<string, unknown> = {},
): Promise<string> {
  const folder = copyOfBert();
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
  editJson(join(folder, 'config.json'), config);
  return folder;
}

describe('a folder with another head', () => {
  it.each([
    ['question answering', [zeros('qa_outputs.weight', 2, 16), zeros('qa_outputs.bias', 2)]],
    ['token classification', [zeros('classifier.weight', 9, 16), zeros('classifier.bias', 9)]],
    ['ColBERT', [zeros('linear.weight', 8, 16)]],
    [
      'a head of two layers',
      [zeros('classifier.dense.weight', 16, 16), zeros('classifier.out_proj.weight', 3, 16)],
    ],
    [
      'a CRF',
      [zeros('crf.transitions', 3, 3), zeros('classifier.weight', 3, 16), zeros('classifier.bias', 3)],
    ],
    [
      'a classifier of pairs',
      [
        zeros('bert.pooler.dense.weight', 16, 16),
        zeros('bert.pooler.dense.bias', 16),
        zeros('classifier.weight', 3, 32),
        zeros('classifier.bias', 3),
      ],
    ],
  ])('(%s) is opened without it, and it is named', async (_, head) => {
    const encoder = openEncoder(await folderOf([...ofEncoder, ...head], { id2label: undefined }));
    expect(encoder.head).toBeUndefined();
    const [note, ...others] = encoder.notes;
    expect(others).toEqual([]);
    expect(note).toContain('left out, as no part of the encoder: ');
    for (const { name } of head.filter(({ name }) => !name.includes('pooler'))) expect(note).toContain(name);
    expect(encoder.tensors.readTensor('encoder.layer.3.output.dense.bias')).toEqual(
      stored.readTensor('bert.encoder.layer.3.output.dense.bias'),
    );
  });

  it('is opened without prefix too; the masked-language head and the pooler are usual and not named', async () => {
    const bare = ofEncoder.map((tensor) => ({ ...tensor, name: tensor.name.slice('bert.'.length) }));
    const usual = [zeros('pooler.dense.weight', 16, 16), zeros('cls.predictions.bias', 143)];
    const config = { id2label: undefined };
    expect(openEncoder(await folderOf([...bare, ...usual], config)).notes).toEqual([]);
    const { notes } = openEncoder(await folderOf([...bare, zeros('linear.weight', 8, 16)], config));
    expect(notes).toEqual([expect.stringContaining('linear.weight') as string]);
  });

  it('stays refused where the tensor is of the encoder itself', async () => {
    for (const name of ['bert.adapter.weight', 'encoder.layer.0.adapter.weight', 'embeddings.extra.weight']) {
      const folder = await folderOf([...ofEncoder, zeros(name, 2)]);
      expect(() => openEncoder(folder)).toThrow(`unknown: ${name}.`);
    }
  });
});

it('labels that cannot be used are left out and named, with a classifier and without', async () => {
  const folder = copyOfBert();
  editJson(join(folder, 'config.json'), { id2label: { 1: 'a', 2: 'b', 3: 'c' } });
  const classifier = openEncoder(folder);
  expect(classifier.head?.labels).toEqual(['LABEL_0', 'LABEL_1', 'LABEL_2']);
  expect(classifier.notes).toEqual([
    expect.stringMatching(/id2label .* was left out; they are called LABEL_0/) as string,
  ]);
  const encoder = openEncoder(await folderOf(ofEncoder, { id2label: { 0: 'a', 5: 'b' } }));
  expect(encoder.notes).toEqual([expect.stringMatching(/id2label .* was left out\.$/) as string]);
});

it('sizes in config.json are held against the file before anything is made of them', () => {
  for (const [field, value, message] of [
    [
      'num_hidden_layers',
      1e9,
      /holds tensors for 4 layers, and its config\.json says that there are 1000000000; /,
    ],
    ['num_hidden_layers', 5, /tensors for 4 layers, .* there are 5; /],
    ['vocab_size', 1e12, /is \[143, 16\], expected \[1000000000000, 16\]/],
    ['hidden_size', 16e9, /expected \[143, 16000000000\]/],
    ['max_position_embeddings', 1e12, /is \[40, 16\], expected/],
    ['intermediate_size', 1e15, /is \[32, 16\], expected/],
    ['type_vocab_size', 1e9, /is \[2, 16\], expected/],
  ] as const) {
    const folder = copyOfBert();
    editJson(join(folder, 'config.json'), { [field]: value });
    const begin = performance.now();
    expect(() => openEncoder(folder)).toThrow(InputError);
    expect(() => openEncoder(folder)).toThrow(message);
    expect(performance.now() - begin).toBeLessThan(5000);
  }
});
