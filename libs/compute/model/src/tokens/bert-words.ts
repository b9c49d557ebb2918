/**
 * Text → words as BERT's normaliser and splitter make them (lower case; the `BertNormalizer` and
 * `BertPreTokenizer` of Hugging Face's tokenizers library): control characters out, ideographs apart, accents
 * stripped, every punctuation mark a word. What a WordPiece vocabulary is trained on; encoding goes through
 * `tokenizer.ts`.
 */

const IDEOGRAPHS =
  /[\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF\u{20000}-\u{2A6DF}\u{2A700}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;
/**
 * ASCII's symbols count as punctuation, also those that Unicode calls otherwise ($, +, <, =, >, ^, `, |, ~).
 */
const WORD = /[!-/:-@[-`{-~\p{P}]|[^\s!-/:-@[-`{-~\p{P}]+/gu;

/** The words of `text`, in order. */
export function bertWords(text: string): string[] {
  const cleaned = text.replace(/[\t\n\r]/g, ' ').replace(/[\p{C}\uFFFD]/gu, '');
  const stripped = cleaned
    .replace(IDEOGRAPHS, ' $& ')
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '');
  // Python lowers each letter alone: Σ at the end of a word becomes σ.
  return stripped.replaceAll('Σ', 'σ').toLowerCase().match(WORD) ?? [];
}

/** How often each word occurs in `texts`, in the order of first occurrence. */
export function countBertWords(texts: Iterable<string>): Map<string, number> {
  // No rule looks across white space, so each stretch without it is normalised once.
  const stretches = new Map<string, number>();
  for (const text of texts) {
    for (const stretch of text.split(/\s+/)) add(stretches, stretch, 1);
  }
  const words = new Map<string, number>();
  for (const [stretch, count] of stretches) for (const word of bertWords(stretch)) add(words, word, count);
  return words;
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
