/** A task's labels: their order, and whether they are classes at all. */

/**
 * Labels in the order in which a task stores them: by value if all are integers, otherwise by code point, as
 * Python's `sorted` has it for strings (JavaScript's own order is by UTF-16 unit, which differs beyond
 * U+FFFF).
 */
export function sortLabels(labels: Iterable<string>): string[] {
  const distinct = [...new Set(labels)];
  if (!distinct.every((label) => /^-?[0-9]+$/.test(label))) return distinct.sort(byCodePoint);
  return distinct.sort((a, b) => {
    const [x, y] = [BigInt(a), BigInt(b)];
    return x < y ? -1 : x > y ? 1 : byCodePoint(a, b);
  });
}

/** True where labels are measurements: all of them numbers and some of them not whole. */
export function areScores(labels: readonly string[]): boolean {
  const numbers = labels.every((label) => /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(label));
  return numbers && labels.some((label) => !Number.isInteger(Number(label)));
}

/** UTF-8 sorts byte by byte as its code points do. */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
