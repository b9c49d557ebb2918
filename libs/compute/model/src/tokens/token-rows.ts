/**
 * Columns of texts → one flat column of token ids, with special tokens, cut to a maximum length as the Python
 * library cuts (`truncation=True`: of a pair, the longer text first).
 *
 * Notation: n₁, n₂ tokens of text and pair, m the room that special tokens leave.
 */
import { InputError } from '@layerwise/errors';
import { type GrowingInts, growingInts, reserve } from './growing-ints.js';
import { type Piece, specialCount } from './special-tokens.js';
import type { EncodedTexts, Tokenizer } from './tokenizer.js';

/** Token ids of many texts, end to end: row r is `ids` from `offsets[r]` to `offsets[r + 1]`. */
export interface TokenizedTexts {
  readonly rows: number;
  /** [rows + 1] */
  readonly offsets: Int32Array;
  /** [tokens] */
  readonly ids: Int32Array;
  /** Token types: [tokens], 0 for the text, 1 for its pair (BERT). */
  readonly types: Uint8Array;
  /** Tokens of the longest row; 0 where there are no rows. */
  readonly maximumLength: number;
  /** Rows that were cut. */
  readonly truncatedRows: number;
  /** All ids are below this. */
  readonly vocabularySize: number;
}

/**
 * Tokenises every row.
 * @param pairs second texts, one a row, or null where rows are single texts
 * @param maximumLength most tokens of a row, special ones included; Infinity cuts nothing
 * @throws InputError when `maximumLength` leaves no room for text
 */
export async function tokenize(
  tokenizer: Tokenizer,
  texts: readonly string[],
  pairs: readonly string[] | null,
  maximumLength: number,
): Promise<TokenizedTexts> {
  if (pairs && pairs.length !== texts.length) {
    throw new RangeError(`${texts.length} texts and ${pairs.length} pairs`);
  }
  const template = pairs ? tokenizer.specialTokens.pair : tokenizer.specialTokens.single;
  const special = specialCount(template);
  const room = maximumLength - special;
  if (!(room >= 1)) {
    const kind = pairs ? 'a pair of texts' : 'a text';
    throw new InputError(
      `A maximum length of ${maximumLength} tokens leaves no room for ${kind} beside its ${special} special ` +
        'tokens; raise --max-length.',
    );
  }

  const offsets = new Int32Array(texts.length + 1);
  const ids = growingInts(texts.length * 16);
  let types = new Uint8Array(ids.values.length);
  let longest = 0;
  let truncatedRows = 0;
  for (let start = 0; start < texts.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, texts.length);
    const encoded = await tokenizer.encode(texts.slice(start, end));
    const encodedPairs = pairs && (await tokenizer.encode(pairs.slice(start, end)));
    for (let place = 0; place < end - start; place++) {
      const text = rowOf(encoded, place);
      const pair = encodedPairs ? rowOf(encodedPairs, place) : NONE;
      const kept = keptTokens(text.length, pair.length, room);
      const length = special + kept.text + kept.pair;
      if (length < special + text.length + pair.length) truncatedRows++;
      reserve(ids, length);
      if (types.length < ids.values.length) types = grown(types, ids.values.length);
      const parts = { text: text.subarray(0, kept.text), pair: pair.subarray(0, kept.pair) };
      append(template, parts, ids, types);
      offsets[start + place + 1] = ids.length;
      longest = Math.max(longest, length);
    }
  }
  return {
    rows: texts.length,
    offsets,
    ids: ids.values.slice(0, ids.length),
    types: types.slice(0, ids.length),
    maximumLength: longest,
    truncatedRows,
    vocabularySize: tokenizer.vocabularySize,
  };
}

/** Rows whose tokens are held before they are cut. */
const CHUNK = 4096;
const NONE = new Int32Array(0);

function rowOf({ offsets, ids }: EncodedTexts, row: number): Int32Array {
  return ids.subarray(offsets[row], offsets[row + 1]);
}

/**
 * How many tokens of text and pair stay when there is room for m: with n₁ ≤ n₂ (else the other way round) the
 * longer gives way first; once both would be longer than m/2 they get half each, an odd one going to the
 * longer. The rule is that of `LongestFirst` in Hugging Face's tokenizers library.
 */
function keptTokens(text: number, pair: number, room: number): { text: number; pair: number } {
  if (text + pair <= room) return { text, pair };
  const shorter = Math.min(text, pair, Math.floor(room / 2));
  const longer = room - shorter;
  return text > pair ? { text: longer, pair: shorter } : { text: shorter, pair: longer };
}

/**
 * Appends one row to `ids` and `types`: the template with the tokens of text and pair in their places.
 */
function append(
  template: readonly Piece[],
  parts: { readonly text: Int32Array; readonly pair: Int32Array },
  ids: GrowingInts,
  types: Uint8Array,
): void {
  for (const piece of template) {
    const start = ids.length;
    if (piece.kind === 'special') {
      ids.values[ids.length++] = piece.id;
    } else {
      ids.values.set(parts[piece.kind], start);
      ids.length += parts[piece.kind].length;
    }
    types.fill(piece.type, start, ids.length);
  }
}

function grown(types: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(types);
  return larger;
}
