/** `layerwise tokens` behind its options: lines of stdin → ids and pieces. */
import { buffer } from 'node:stream/consumers';
import { InputError, visible } from '@layerwise/errors';
import { loadTokenizer, tokenize } from '@layerwise/model';
import { encoderFolder } from '../../running/encoder-source.js';
import type { Outcome } from '../../running/run-command.js';

/** @throws InputError for an encoder without a tokeniser that is known, and input that is not UTF-8 */
export async function runTokens(encoder: string, input: NodeJS.ReadableStream): Promise<Outcome> {
  const tokenizer = await loadTokenizer(await encoderFolder(encoder));
  const { offsets, ids } = await tokenize(tokenizer, textsOf(await buffer(input)), null, Infinity);
  const rows = Array.from(offsets.subarray(1), (end, row) => [...ids.subarray(offsets[row], end)]);
  return {
    text: rows
      .map((row) => row.map((id) => `${id}:${visible(tokenizer.tokenOf(id) ?? '')}`).join(' '))
      .join('\n'),
    json: rows.map((row) => ({ ids: row })),
  };
}

function textsOf(bytes: Uint8Array): string[] {
  let input: string;
  try {
    input = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InputError('The texts on stdin are not in UTF-8; write them so, or as JSON strings.');
  }
  const lines = input.split('\n');
  // The end of the last line begins no other.
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => textOf(line));
}

/** A line as it is, or the text that it is as a JSON string. */
function textOf(line: string): string {
  if (!/^\s*".*"\s*$/s.test(line)) return line;
  try {
    return JSON.parse(line) as string;
  } catch {
    return line;
  }
}
