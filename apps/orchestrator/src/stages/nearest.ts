/**
 * The name that somebody may have meant: that with the fewest letters to change (Levenshtein 1966), where
 * they are few.
 */

/** Undefined where none is near: more than a third of the word would have to change. */
export function nearestOf(word: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, changes: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, changes }) => changes <= Math.max(1, Math.floor(Math.max(word.length, name.length) / 3)))
    .sort((a, b) => a.changes - b.changes);
  return near[0]?.name;
}

/** Letters to put in, take out or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [i, letter] of Array.from(one).entries()) {
    const next = [i + 1];
    for (const [j, against] of Array.from(other).entries()) {
      const replaced = (row[j] ?? 0) + (letter === against ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
