/**
 * A batch without padding: the tokens of all texts as rows, time-major, so that the first rows are every
 * text's [CLS].
 *
 * Embeddings, dense layers, norms and activations work on these rows alone; only attention needs the texts
 * side by side, [length, texts], which two index vectors translate. In shapes below: b texts, t the longest,
 * n tokens in all.
 */

/** Added to the attention score of a place that holds no token: e^(-1e9) is 0. */
const MASKED = -1e9;

/** Token ids of texts one after another; text i has those from offsets[i] to offsets[i + 1]. */
export interface TokenRows {
  readonly offsets: Int32Array;
  readonly ids: Int32Array;
  readonly types: ArrayLike<number>;
}

export interface PackedBatch {
  readonly texts: number;
  readonly length: number;
  readonly tokens: number;
  /** Of each row [n]: its token, its token type, its place in its text from 0. */
  readonly ids: Int32Array;
  readonly types: Int32Array;
  readonly positions: Int32Array;
  /** The row at each place [t, b]; row 0 where there is none. */
  readonly rowAt: Int32Array;
  /** The place of each row [n], counted through [t, b]. */
  readonly placeOf: Int32Array;
  /** 1 where a place holds a row, 0 elsewhere [t, b, 1]. */
  readonly isRow: Float32Array;
  /** Added to attention scores [b, 1, 1, t]: 0 for a token, −1e9 for none. */
  readonly attentionMask: Float32Array;
}

/** Packs the texts at `rows` of `tokenized`, in that order. */
export function packBatch(tokenized: TokenRows, rows: ArrayLike<number>): PackedBatch {
  const texts = rows.length;
  const starts = Int32Array.from(rows, (row) => tokenized.offsets[row]!);
  const lengths = Int32Array.from(rows, (row, text) => tokenized.offsets[row + 1]! - starts[text]!);
  const length = lengths.reduce((longest, size) => Math.max(longest, size), 0);
  const tokens = lengths.reduce((sum, size) => sum + size, 0);

  const ids = new Int32Array(tokens);
  const types = new Int32Array(tokens);
  const positions = new Int32Array(tokens);
  const rowAt = new Int32Array(length * texts);
  const placeOf = new Int32Array(tokens);
  const isRow = new Float32Array(length * texts);
  const attentionMask = new Float32Array(texts * length);
  let row = 0;
  for (let time = 0; time < length; time++) {
    for (let text = 0; text < texts; text++) {
      const place = time * texts + text;
      if (time >= lengths[text]!) {
        attentionMask[text * length + time] = MASKED;
        continue;
      }
      const token = starts[text]! + time;
      ids[row] = tokenized.ids[token]!;
      types[row] = tokenized.types[token] ?? 0;
      positions[row] = time;
      rowAt[place] = row;
      placeOf[row] = place;
      isRow[place] = 1;
      row++;
    }
  }
  return { texts, length, tokens, ids, types, positions, rowAt, placeOf, isRow, attentionMask };
}
