/** Tables of figures: kept as numbers, which JSON holds, and printed as text or as Markdown. */

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {number} [digits] after the point, of the column's numbers; 0 where it is absent
 */
/** @typedef {string | number | null} Cell null: not measured */
/**
 * @typedef {object} Table
 * @property {string} title
 * @property {string} caption what was measured, in a sentence or two
 * @property {readonly Column[]} columns
 * @property {readonly (readonly Cell[])[]} rows
 */

/**
 * Columns of so many digits.
 * @param {number} digits
 * @param {...string} names
 * @returns {Column[]}
 */
export function columns(digits, ...names) {
  return names.map((name) => (digits === 0 ? { name } : { name, digits }));
}

/**
 * Leaves out columns without a figure: PyTorch's, where it was not asked for.
 * @param {Table} table
 * @returns {Table}
 */
export function withoutEmptyColumns({ title, caption, columns, rows }) {
  const kept = columns.map((_, place) => rows.some((row) => (row[place] ?? null) !== null));
  return {
    title,
    caption,
    columns: columns.filter((_, place) => kept[place]),
    rows: rows.map((row) => row.filter((_, place) => kept[place])),
  };
}

/**
 * @param {Table} table
 * @returns {string} with aligned columns
 */
export function asText(table) {
  const cells = cellsOf(table);
  const widths = widthsOf(cells);
  const numeric = table.columns.map((_, place) => table.rows.every((row) => typeof row[place] !== 'string'));
  const lines = cells.map((row) =>
    row
      .map((cell, place) =>
        numeric[place] ? cell.padStart(widths[place] ?? 0) : cell.padEnd(widths[place] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return [table.title, table.caption, '', ...lines.map((line) => `  ${line}`)].join('\n');
}

/**
 * @param {Table} table
 * @returns {string} a section as Prettier would write it
 */
export function asMarkdown(table) {
  const cells = cellsOf(table);
  const widths = widthsOf(cells).map((width) => Math.max(3, width));
  const line = (/** @type {string[]} */ row) =>
    `| ${row.map((cell, place) => cell.padEnd(widths[place] ?? 0)).join(' | ')} |`;
  const [head = [], ...rows] = cells;
  const rule = widths.map((width) => '-'.repeat(width));
  return [`## ${table.title}`, '', table.caption, '', line(head), line(rule), ...rows.map(line)].join('\n');
}

/** @param {Table} table */
function cellsOf({ columns, rows }) {
  const shown = rows.map((row) =>
    columns.map(({ digits = 0 }, place) => cellText(row[place] ?? null, digits)),
  );
  return [columns.map(({ name }) => name), ...shown];
}

/** @param {Cell} cell @param {number} digits */
function cellText(cell, digits) {
  if (cell === null) return '-';
  return typeof cell === 'number' ? cell.toFixed(digits) : cell;
}

/** @param {string[][]} cells */
function widthsOf(cells) {
  return (cells[0] ?? []).map((_, place) => Math.max(...cells.map((row) => row[place]?.length ?? 0)));
}
