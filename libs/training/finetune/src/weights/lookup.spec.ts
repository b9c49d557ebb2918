import { createFlatMemory, referenceRows, viewOf } from '@layerwise/engine';
import { BERT_NAMES, openEncoder, packBatch, type PackedBatch } from '@layerwise/model';
import { expect, it } from 'vitest';
import { BERT } from '../../test/tiny-run.js';
import { occurringVocabulary } from './active-vocabulary.js';
import { createLookup, lookupFloats } from './lookup.js';
import { loadEncoder, planWeights } from './weights.js';

const encoder = openEncoder(BERT);
const { config } = encoder;
const { words, positions, types } = BERT_NAMES.tables;
const texts = {
  offsets: Int32Array.of(0, 5, 7, 11),
  ids: Int32Array.of(2, 50, 51, 50, 3, 2, 3, 2, 90, 51, 3),
  types: Uint8Array.of(0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1),
};
const vocabulary = occurringVocabulary(config.vocabularySize, [texts]);
const plan = planWeights(config, vocabulary, () => 0, []);
const MAXIMUM = 16;

function setUp() {
  const { length } = plan.layout;
  const memory = createFlatMemory([length, length, ...lookupFloats(config, MAXIMUM)]);
  const parameters = memory.allocate(length).floats;
  const gradients = memory.allocate(length).floats;
  loadEncoder(plan, encoder.tensors, parameters);
  return { parameters, gradients, lookup: createLookup(memory, plan, MAXIMUM) };
}

/** The lookups of a batch in the folder's own tables, which are whole. */
function wholeLookups(batch: PackedBatch) {
  return [
    { name: words, indices: batch.ids },
    { name: types, indices: batch.types },
    { name: positions, indices: batch.positions },
  ].map(({ name, indices }) => ({ name, indices, table: encoder.tensors.readTensor(name) }));
}

it('sums the rows that the whole tables give', () => {
  const { parameters, lookup } = setUp();
  const batch = packBatch(texts, [2, 0]);
  const expected = new Float32Array(batch.tokens * config.hiddenSize);
  referenceRows.sumRows(expected, config.hiddenSize, wholeLookups(batch));
  expect(lookup.gather(batch, parameters)).toEqual(expected);
});

it("adds up the tables' gradients, and clears them without a trace", () => {
  const { parameters, gradients, lookup } = setUp();
  for (const rows of [[0, 1, 2], [1], [2, 2]]) {
    const batch = packBatch(texts, rows);
    lookup.gather(batch, parameters);
    const rowGradients = lookup.rowGradients();
    expect(rowGradients.length).toBe(batch.tokens * config.hiddenSize);
    rowGradients.forEach((_, place) => (rowGradients[place] = Math.sin(place + rows.length)));
    lookup.scatter(gradients);
    for (const { name, indices, table } of wholeLookups(batch)) {
      const expected = new Float32Array(table.length);
      referenceRows.scatterAddRows(expected, config.hiddenSize, indices, rowGradients);
      const found = viewOf(gradients, plan.layout, name);
      const width = config.hiddenSize;
      if (name !== words) expect(found).toEqual(expected);
      else {
        vocabulary.tokens.forEach((token, row) => {
          const part = expected.subarray(token * width, (token + 1) * width);
          expect(found.subarray(row * width, (row + 1) * width)).toEqual(part);
        });
      }
    }
    lookup.clear(gradients);
    expect(gradients.every((value) => value === 0)).toBe(true);
  }
});

it('refuses to gather before the last gradients were cleared', () => {
  const { parameters, gradients, lookup } = setUp();
  lookup.gather(packBatch(texts, [0]), parameters);
  lookup.scatter(gradients);
  expect(() => lookup.gather(packBatch(texts, [1]), parameters)).toThrow(RangeError);
});
