/** The part of a verification that only looks at the tokeniser: ids and types of texts and pairs. */
import { tokenize, type TokenizedTexts, type Tokenizer } from '@layerwise/model';
import type { Fixture } from './reference-fixture.js';

export async function tokenizeBatch(
  tokenizer: Tokenizer,
  texts: readonly (readonly [string, string | null])[],
  maximumLength: number,
): Promise<TokenizedTexts> {
  // Single texts and pairs have different templates, so each text is tokenised alone and the rows are joined.
  const rows = await Promise.all(
    texts.map(([text, pair]) => tokenize(tokenizer, [text], pair === null ? null : [pair], maximumLength)),
  );
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, place) => (offsets[place + 1] = offsets[place]! + row.ids.length));
  return {
    rows: rows.length,
    offsets,
    ids: Int32Array.from(rows.flatMap((row) => Array.from(row.ids))),
    types: Uint8Array.from(rows.flatMap((row) => Array.from(row.types))),
    maximumLength: Math.max(...rows.map((row) => row.ids.length)),
    truncatedRows: rows.reduce((sum, row) => sum + row.truncatedRows, 0),
    vocabularySize: rows[0]!.vocabularySize,
  };
}

export async function wrongTokens({ tokens }: Fixture, tokenizer: Tokenizer): Promise<number> {
  const differs = async (
    text: string,
    pair: string | null,
    length: number,
    ids: readonly number[],
    types: readonly number[] | null,
  ): Promise<boolean> => {
    const row = await tokenize(tokenizer, [text], pair === null ? null : [pair], length);
    return !equal(row.ids, ids) || (types !== null && !equal(row.types, types));
  };
  const wrong = await Promise.all(
    tokens.map(
      async (row) =>
        (await differs(row.text, row.pair, Infinity, row.ids, row.types)) ||
        (await differs(row.text, row.pair, 32, row.truncated32, row.truncated32_types)),
    ),
  );
  return wrong.filter(Boolean).length;
}

export function wrongBatchTokens({ expected }: Fixture, batch: TokenizedTexts): number {
  return expected.tokens.filter(
    (ids, text) => !equal(batch.ids.subarray(batch.offsets[text], batch.offsets[text + 1]), ids),
  ).length;
}

function equal(found: ArrayLike<number>, expected: readonly number[]): boolean {
  return found.length === expected.length && expected.every((value, place) => found[place] === value);
}
