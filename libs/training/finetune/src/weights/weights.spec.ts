import { openEncoder } from '@layerwise/model';
import { expect, it } from 'vitest';
import { BERT } from '../../test/tiny-run.js';
import { occurringVocabulary } from './active-vocabulary.js';
import { encoderWeights, loadEncoder, planWeights } from './weights.js';
import { denseHead } from '@layerwise/model';

const encoder = openEncoder(BERT);
const { config, tensors } = encoder;
const words = 'embeddings.word_embeddings.weight';
const active = [2, 3, 40, 41];
const vocabulary = occurringVocabulary(config.vocabularySize, [
  { offsets: Int32Array.of(0, 4), ids: Int32Array.from(active), types: [] },
]);
const groupOf = (name: string): number =>
  name.startsWith('head') ? 2 : name.startsWith('embeddings') ? 1 : 0;
const head = denseHead('head.original', config.hiddenSize, 3);
const plan = planWeights(config, vocabulary, groupOf, [head]);

function loaded(): Float32Array {
  const parameters = new Float32Array(plan.layout.length);
  loadEncoder(plan, tensors, parameters);
  return parameters;
}

it('lays groups out one after another, the word table reduced to its active rows', () => {
  const groups = plan.layout.places.map((place) => place.group);
  expect(groups).toEqual([...groups].sort((a, b) => a - b));
  expect(new Set(groups)).toEqual(new Set([0, 1, 2]));
  expect(plan.layout.byName.get(words)?.shape).toEqual([active.length, config.hiddenSize]);
  expect(plan.layout.byName.get('head.original.weight')?.shape).toEqual([3, config.hiddenSize]);
});

it('gives back every tensor of the folder, bit for bit, when nothing was trained', () => {
  const written = encoderWeights(plan, tensors, loaded());
  expect(written.map(({ name }) => name).sort()).toEqual(tensors.shapes.map(({ name }) => name).sort());
  for (const { name, shape, data } of written) {
    expect(shape).toEqual(tensors.shapes.find((tensor) => tensor.name === name)?.shape);
    expect(data).toEqual(tensors.readTensor(name));
  }
});

it('puts trained rows into the whole word table and leaves the others bit-identical', () => {
  const parameters = loaded().map((value) => value + 1);
  const written = encoderWeights(plan, tensors, parameters);
  const table = written.find(({ name }) => name === words)!.data;
  const before = tensors.readTensor(words);
  const width = config.hiddenSize;
  for (let token = 0; token < config.vocabularySize; token++) {
    const row = table.subarray(token * width, (token + 1) * width);
    const old = before.subarray(token * width, (token + 1) * width);
    expect(row).toEqual(active.includes(token) ? old.map((value) => value + 1) : old);
  }
});
