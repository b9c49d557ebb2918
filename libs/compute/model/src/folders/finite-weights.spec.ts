/**
 * Numbers that are not finite: refused as they are read, by the tensor's name; rows of words by their texts.
 */
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { expect, it } from 'vitest';
import { BERT, copyOfBert } from '../../test/folders.js';
import { openEncoder } from './encoder-folder.js';
import { checkWeights, checkWordRows } from './finite-weights.js';
import { openSafetensors } from './safetensors-read.js';
import { writeSafetensors, type FloatType } from './safetensors-write.js';

const WORDS = 'embeddings.word_embeddings.weight';

/** The committed BERT with one number replaced. */
async function withNumber(name: string, place: number, value: number, floatType: FloatType = 'F32') {
  const stored = openSafetensors(join(BERT, 'model.safetensors'));
  const tensors = [...stored.tensors.values()].map((tensor) => {
    const data = stored.readTensor(tensor.name);
    if (tensor.name.endsWith(name)) data[place] = value;
    return { name: tensor.name, shape: tensor.shape, data };
  });
  const folder = copyOfBert();
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, { floatType });
  return openEncoder(folder);
}

it.each([
  ['encoder.layer.3.output.dense.weight', 5, Infinity],
  ['encoder.layer.0.attention.self.query.bias', 0, NaN],
  ['embeddings.LayerNorm.weight', 1, -Infinity],
  ['embeddings.position_embeddings.weight', 39 * 16, NaN],
  ['embeddings.token_type_embeddings.weight', 16, NaN],
])('%s is refused as it is read', async (name, place, value) => {
  for (const floatType of ['F32', 'F16', 'BF16'] as const) {
    const { tensors } = await withNumber(name, place, value, floatType);
    const message = new RegExp(`number ${place} of the tensor ${name.replaceAll('.', '\\.')} is ${value};`);
    expect(() => tensors.readTensor(name)).toThrow(InputError);
    expect(() => tensors.readTensor(name)).toThrow(message);
    expect(() => {
      checkWeights(tensors);
    }).toThrow(message);
    const length = tensors.shapes.find((tensor) => tensor.name === name)!.shape.reduce((a, b) => a * b, 1);
    expect(() => {
      tensors.readInto(name, new Float32Array(length));
    }).toThrow(message);
  }
});

it("a word's row is refused where a text has the word, and else named", async () => {
  const { tensors, config, file } = await withNumber(WORDS, 100 * 16 + 3, NaN);
  checkWeights(tensors);
  const table = tensors.readTensor(WORDS);
  expect(() => checkWordRows(file, config, table, (token) => token === 100)).toThrow(
    `number 1603 of the tensor ${WORDS} is NaN`,
  );
  expect(checkWordRows(file, config, table, (token) => token !== 100)).toEqual([
    `${file}: the tensor ${WORDS} holds numbers that are not finite in the rows of tokens that no text has: 100.`,
  ]);
  expect(checkWordRows(file, config, openEncoder(BERT).tensors.readTensor(WORDS), () => true)).toEqual([]);
});

it('a head that is not used may hold anything', async () => {
  checkWeights((await withNumber('pooler.dense.weight', 0, NaN)).tensors);
});
