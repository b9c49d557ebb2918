/** Rows of cells as lines of text, for people in a terminal. */

/**
 * Columns as wide as their widest cell, two spaces between them, none at the end of a line.
 *
 * @param sides where the cells of each column stand; to the left where it is not said
 */
export function textTable(
  rows: readonly (readonly string[])[],
  sides: readonly ('left' | 'right')[] = [],
): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, lengthOf(cell))));
  return rows.map((row) => {
    const cells = row.map((cell, i) => {
      const space = ' '.repeat(widths[i]! - lengthOf(cell));
      return sides[i] === 'right' ? space + cell : cell + space;
    });
    return cells.join('  ').trimEnd();
  });
}

/** In characters, not in halves of them. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
