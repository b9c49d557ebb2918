/** What a built-in task is: labels, words, and how to make a row with a given label. */
import type { Random } from './random.js';

export interface Kind {
  readonly labels: readonly [string, string, ...string[]];
  /** Every word that a text can have, beside punctuation; each may be several, between spaces. */
  readonly words: readonly string[];
  /** A text, and its pair where the task has pairs; the label is a fact about them, as each kind says. */
  make(random: Random, label: string): { readonly text: string; readonly pair: string | null };
}

/** A non-empty list from words between spaces. */
export function wordList(words: string): readonly [string, ...string[]] {
  const [first = '', ...rest] = words.trim().split(/\s+/);
  return [first, ...rest];
}

/** Words with single spaces between, none of them empty. */
export function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
