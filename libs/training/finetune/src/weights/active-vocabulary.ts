/**
 * The rows of the word table that a run can touch. A row whose token occurs in no text has gradient and
 * moments zero for ever: leaving it out of update, memory and checkpoint changes nothing but what AdamW's
 * decay does (`untouched-rows.ts`).
 */
import type { TokenRows } from '@layerwise/model';

export interface ActiveVocabulary {
  /** Rows of the reduced table. */
  readonly size: number;
  /** Row of each token id in the reduced table; -1 for a token that does not occur. */
  readonly rowOf: Int32Array;
  /** Token id of each row, ascending. */
  readonly tokens: Int32Array;
}

/** The tokens that occur in any of `texts`. */
export function occurringVocabulary(vocabularySize: number, texts: readonly TokenRows[]): ActiveVocabulary {
  const rowOf = new Int32Array(vocabularySize).fill(-1);
  for (const { ids } of texts) for (const id of ids) rowOf[id] = 0;
  return numbered(rowOf);
}

/** Every token: where rows without a gradient move, or the table is a decoder's too. */
export function wholeVocabulary(vocabularySize: number): ActiveVocabulary {
  return numbered(new Int32Array(vocabularySize));
}

function numbered(rowOf: Int32Array): ActiveVocabulary {
  let size = 0;
  const tokens = new Int32Array(rowOf.length);
  rowOf.forEach((mark, token) => {
    if (mark < 0) return;
    tokens[size] = token;
    rowOf[token] = size++;
  });
  return { size, rowOf, tokens: tokens.slice(0, size) };
}
