/** `layerwise tokens` behind its options: lines of stdin → ids and pieces, a batch at a time. */
import { visible } from '@layerwise/errors';
import { MOST_CHARACTERS, loadTokenizer, tokenize } from '@layerwise/model';
import { encoderFolder } from '../../running/encoder-source.js';
import { textLines } from './text-lines.js';

/**
 * Lines of answers, for as many texts at once as came in at once.
 * @throws InputError for an encoder without a tokeniser that is known, and for a line that is too long or not
 * UTF-8
 */
export async function* tokenLines(
  encoder: string,
  input: AsyncIterable<Uint8Array>,
  json: boolean,
): AsyncGenerator<string> {
  const tokenizer = await loadTokenizer(await encoderFolder(encoder));
  const written = (ids: readonly number[]): string =>
    json
      ? JSON.stringify({ ids })
      : ids.map((id) => `${id}:${visible(tokenizer.tokenOf(id) ?? '')}`).join(' ');
  for await (const texts of textLines(input, MOST_CHARACTERS)) {
    const { offsets, ids } = await tokenize(tokenizer, texts, null, Infinity);
    yield texts.map((_, row) => `${written([...ids.subarray(offsets[row], offsets[row + 1])])}\n`).join('');
  }
}
