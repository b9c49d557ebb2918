/**
 * How long rows are, text and pair together: in words (`wordLengths` of `@layerwise/pairs`) or in an
 * encoder's word pieces, the special tokens around them not counted.
 */
import type { Split } from '@layerwise/artifacts';
import { tokenize, type Tokenizer } from '@layerwise/model';

/** Word pieces of every row: [rows]. Nothing is cut off, however long a row is. */
export async function pieceLengths({ text, pair }: Split, tokenizer: Tokenizer): Promise<Int32Array> {
  const { single, pair: both } = tokenizer.specialTokens;
  const special = (pair === null ? single : both).filter(({ kind }) => kind === 'special').length;
  const { offsets, rows } = await tokenize(tokenizer, text, pair, Infinity);
  const lengths = new Int32Array(rows);
  for (let row = 0; row < rows; row++) lengths[row] = offsets[row + 1]! - offsets[row]! - special;
  return lengths;
}
