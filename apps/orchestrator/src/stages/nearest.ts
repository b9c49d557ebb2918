/**
 * The name that somebody may have meant: that with the fewest letters to change (Levenshtein 1966), where
 * they are few.
 */
import { distance } from 'fastest-levenshtein';

/** Undefined where none is near: more than a third of the word would have to change. */
export function nearestOf(word: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, changes: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, changes }) => changes <= Math.max(1, Math.floor(Math.max(word.length, name.length) / 3)))
    .sort((a, b) => a.changes - b.changes);
  return near[0]?.name;
}
