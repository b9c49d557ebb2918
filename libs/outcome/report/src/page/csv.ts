/** Columns as CSV (RFC 4180), and any text as a link that saves it as a file without a server or a script. */

/** Names → values, all of one length. */
export type CsvColumns = Readonly<Record<string, ArrayLike<string | number | null>>>;

/**
 * A line of names, then a line a row; null is an empty field. Lines end in CR LF. A text that a spreadsheet
 * would compute has an apostrophe before it, as spreadsheets themselves mark texts: names of tasks and
 * folders are anybody's.
 */
export function csvOf(columns: CsvColumns): string {
  const names = Object.keys(columns);
  const rows = Math.max(0, ...Object.values(columns).map(({ length }) => length));
  const lines = Array.from({ length: rows }, (_, row) => names.map((name) => columns[name]?.[row] ?? null));
  return [names, ...lines].map((fields) => `${fields.map(field).join(',')}\r\n`).join('');
}

/** How a formula begins: also in full width, and behind white space that a spreadsheet trims. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

function field(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * RFC 2397, with as few escapes as a double-quoted attribute allows: a drawn chart grows by a tenth, in
 * base64 by a third.
 */
export function dataUri(type: string, text: string): string {
  const escapes = /[^ !$()*+,\-./0-9:;=?@A-Z[\]_a-z~]+/g;
  // Half a character, as a cut text may end with, becomes a replacement character.
  const whole = Buffer.from(text).toString();
  return `data:${type};charset=utf-8,${whole.replaceAll(escapes, encodeAll)}`;
}

/** Also what encodeURIComponent leaves alone. */
function encodeAll(text: string): string {
  return encodeURIComponent(text).replaceAll("'", '%27');
}
