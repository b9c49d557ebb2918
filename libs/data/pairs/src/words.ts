/**
 * What a word is, and how long a row: the one place where layerwise counts words.
 *
 * A word is a stretch without white space (JavaScript's `\s`); a row's length is the words of its text and
 * its pair together. GLUE's texts come with punctuation set apart, so there a comma is a word too.
 */
import type { Split } from '@layerwise/artifacts';

/** Words of one text. */
export function countWords(text: string): number {
  let words = 0;
  let inWord = false;
  for (let i = 0; i < text.length; i++) {
    const space = isSpace(text.charCodeAt(i));
    if (!space && !inWord) words++;
    inWord = !space;
  }
  return words;
}

/** Words of every row, text and pair together: [rows]. */
export function wordLengths({ text, pair }: Split): Int32Array {
  const lengths = new Int32Array(text.length);
  for (let row = 0; row < lengths.length; row++)
    lengths[row] = countWords(text[row] ?? '') + (pair === null ? 0 : countWords(pair[row] ?? ''));
  return lengths;
}

/** How often each word occurs in a split, lower-cased. */
export function wordCounts({ text, pair }: Split): Map<string, number> {
  const counts = new Map<string, number>();
  for (const texts of pair === null ? [text] : [text, pair]) for (const one of texts) addWords(one, counts);
  return counts;
}

function addWords(text: string, counts: Map<string, number>): void {
  const lower = text.toLowerCase();
  let start = 0;
  for (let end = 0; end <= lower.length; end++) {
    if (end < lower.length && !isSpace(lower.charCodeAt(end))) continue;
    if (end > start) {
      const word = lower.slice(start, end);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    start = end + 1;
  }
}

/** `\s` of a UTF-16 unit: a scan by it is several times as fast as a regular expression. */
function isSpace(code: number): boolean {
  if (code < 0xa0) return code === 0x20 || (code >= 9 && code <= 13);
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}
