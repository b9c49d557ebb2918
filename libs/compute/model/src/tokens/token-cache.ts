/**
 * Token ids kept as Arrow files, so that a task is tokenised once: the file's name is a digest of everything
 * that decides about its content (texts, tokeniser, maximum length). A file that cannot be used is made anew.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineTable, fingerprint, readTable, writeTable } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { type TokenizedTexts, tokenize } from './token-rows.js';
import type { Tokenizer } from './tokenizer.js';

/** Tokenised texts as a table: one row a text. */
export const tokenTable = defineTable({
  name: 'tokens',
  version: 1,
  description: 'Token ids of texts, special tokens included',
  columns: [
    { name: 'ids', type: 'list<int32>', description: 'token ids' },
    { name: 'types', type: 'list<int32>', description: 'token types: 0 for the text, 1 for its pair' },
  ],
  metadataKeys: ['truncatedRows', 'vocabularySize'],
});

/** Raise it when `tokenize` gives other ids for the same input. */
const ALGORITHM = 2;

/**
 * `tokenize`, or what it gave the last time, from `folder`.
 * @throws InputError as `tokenize` does, or when `folder` cannot be written.
 */
export async function tokenizeCached(
  folder: string,
  tokenizer: Tokenizer,
  texts: readonly string[],
  pairs: readonly string[] | null,
  maximumLength: number,
): Promise<TokenizedTexts> {
  const { digest } = tokenizer;
  const key = fingerprint({ ALGORITHM, digest, texts, pairs, maximumLength: `${maximumLength}` });
  const file = join(folder, `${key}.arrow`);
  const kept = await readTokens(file, texts.length);
  if (kept) return kept;
  const tokens = await tokenize(tokenizer, texts, pairs, maximumLength);
  await writeTokens(file, tokens);
  return tokens;
}

async function writeTokens(file: string, tokens: TokenizedTexts): Promise<void> {
  const { offsets, ids, types, truncatedRows, vocabularySize } = tokens;
  const columns = { ids: { offsets, values: ids }, types: { offsets, values: Int32Array.from(types) } };
  await writeTable(file, tokenTable, columns, {
    truncatedRows: `${truncatedRows}`,
    vocabularySize: `${vocabularySize}`,
  });
}

async function readTokens(file: string, rows: number): Promise<TokenizedTexts | undefined> {
  if (!existsSync(file)) return undefined;
  try {
    const table = await readTable(file, tokenTable);
    if (table.rows !== rows) return undefined;
    const ids = table.column('ids');
    let maximumLength = 0;
    for (let row = 0; row < rows; row++) {
      maximumLength = Math.max(maximumLength, ids.offsets[row + 1]! - ids.offsets[row]!);
    }
    return {
      rows,
      offsets: ids.offsets,
      ids: ids.values,
      types: Uint8Array.from(table.column('types').values),
      maximumLength,
      truncatedRows: Number(table.metadata.truncatedRows),
      vocabularySize: Number(table.metadata.vocabularySize),
    };
  } catch (error) {
    // A cache that was damaged is no reason to stop: it is written again.
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
