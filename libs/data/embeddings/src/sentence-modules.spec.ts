import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { expect, it } from 'vitest';
import { addModules, BERT, copyOf } from '../test/tiny.js';
import { readSentenceModules } from './sentence-modules.js';

const USUAL = ['Transformer', 'Pooling', 'Normalize'];
const flags = (...on: string[]) =>
  Object.fromEntries(
    ['cls_token', 'mean_tokens', 'max_tokens'].map((name) => [`pooling_mode_${name}`, on.includes(name)]),
  );
const read = (kinds: readonly string[], pooling: object) =>
  readSentenceModules(addModules(copyOf(BERT), kinds, { word_embedding_dimension: 16, ...pooling }));

it('reads the pooling, by its flag or by its name, and whether vectors are normalised', () => {
  expect(read(USUAL, flags('mean_tokens'))).toMatchObject({ pooling: 'mean', normalized: true });
  expect(read(USUAL.slice(0, 2), flags('cls_token'))).toMatchObject({ pooling: 'cls', normalized: false });
  expect(read(USUAL, { pooling_mode: 'mean' })).toMatchObject({ pooling: 'mean', normalized: true });
  expect(readSentenceModules(BERT)).toBeNull();
});

it('refuses what is not computed here, with a sentence that says what to do', () => {
  for (const [kinds, pooling, sentence] of [
    [
      USUAL,
      flags('max_tokens'),
      /wants the pooling pooling_mode_max_tokens, .* give --pooling cls or mean\.$/,
    ],
    [USUAL, flags('cls_token', 'mean_tokens'), /pooling_mode_cls_token \+ pooling_mode_mean_tokens/],
    [USUAL, flags(), /wants the pooling of nothing/],
    [['Transformer', 'Pooling', 'Dense'], flags('mean_tokens'), /modules\.json has a module Dense, /],
  ] as const) {
    expect(() => read(kinds, pooling)).toThrow(InputError);
    expect(() => read(kinds, pooling)).toThrow(sentence);
  }
  const folder = copyOf(BERT);
  writeFileSync(join(folder, 'modules.json'), '{"type": 1}');
  expect(() => readSentenceModules(folder)).toThrow(/modules\.json is not a list of modules/);
});
