/**
 * Whether token ids and an encoder belong together, and how long a text may be: its tables of embeddings
 * decide.
 */
import { InputError } from '@layerwise/errors';
import type { EncoderConfig } from '../architectures/architecture.js';
import type { EncoderFolder } from '../folders/encoder-folder.js';
import type { TokenRows } from '../forward/packing.js';

/** Tokens of the longest text that the table of positions can place. */
export function longestText({ maximumPositions, architecture }: EncoderConfig): number {
  return maximumPositions - architecture.positionOffset;
}

/** @throws InputError for a token or token type without an embedding: the tokeniser is another encoder's. */
export function checkTokens(
  { ids, types }: TokenRows,
  { folder, config }: Pick<EncoderFolder, 'folder' | 'config'>,
): void {
  const id = highest(ids);
  if (id >= config.vocabularySize) {
    throw new InputError(
      `The tokeniser in ${folder} gives the token id ${id} and the encoder there has ${config.vocabularySize} ` +
        'word embeddings; copy the tokenizer files that belong to this encoder.',
    );
  }
  const type = highest(types);
  if (config.tokenTypes > 0 && type >= config.tokenTypes) {
    throw new InputError(
      `The tokeniser in ${folder} gives the token type ${type} and the encoder there has ${config.tokenTypes} ` +
        'of them; copy the tokenizer files that belong to this encoder, or take a task of single texts.',
    );
  }
}

function highest(values: TokenRows['ids'] | TokenRows['types']): number {
  let [most, i] = [0, 0];
  while (i < values.length) most = Math.max(most, values[i++]!);
  return most;
}
