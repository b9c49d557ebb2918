import { InputError } from '@layerwise/errors';
import { expect, it } from 'vitest';
import { BERT } from '../../test/folders.js';
import { openEncoder } from '../folders/encoder-folder.js';
import { checkTokens, longestText } from './text-limits.js';

const encoder = openEncoder(BERT);
const rows = (id: number, type: number) => ({
  offsets: Int32Array.of(0, 2),
  ids: Int32Array.of(1, id),
  types: [0, type],
});

it('the longest text has as many tokens as there are positions', () => {
  expect(longestText(encoder.config)).toBe(encoder.config.raw['max_position_embeddings']);
});

it('the last token and type of the tables pass, the next ones do not', () => {
  const { vocabularySize, tokenTypes } = encoder.config;
  expect(() => checkTokens(rows(vocabularySize - 1, tokenTypes - 1), encoder)).not.toThrow();
  expect(() => checkTokens(rows(vocabularySize, 0), encoder)).toThrow(InputError);
  expect(() => checkTokens(rows(vocabularySize, 0), encoder)).toThrow(
    `gives the token id ${vocabularySize} `,
  );
  expect(() => checkTokens(rows(0, tokenTypes), encoder)).toThrow(`gives the token type ${tokenTypes} `);
});
