/**
 * The one contract between a file format and everything after it. A format (`tsv.ts`, `csv.ts`, `jsonl.ts`,
 * `parquet.ts`) finds rows and fields; a `RowReader` (`split.ts`) says which columns it wants and judges the
 * values. Values come one row at a time in an array that is used again, so that no row becomes an object.
 */

export interface Selection {
  /** True where the file's first line is a row already (CoLA). */
  readonly headerless: boolean;
  /** Positions of the text columns, in the order in which the reader wants them. */
  readonly texts: readonly number[];
  /** Position of the label column. */
  readonly label: number;
}

export interface RowReader {
  /**
   * Called once, with the names in the file's header (or the fields of its first line).
   * Null: the file has no labels and is not wanted.
   */
  select(columns: readonly string[]): Selection | null;
  /** The names of all classes, where the file lists them: after `select`, before the first row. */
  declareClasses(names: readonly string[]): void;
  /**
   * One row. `at` is its line, or its row where the format has no lines, from 1; `index` its number among the
   * file's rows, from 0. Null is a value that is missing. `texts` is only valid during the call.
   */
  row(at: number, index: number, texts: readonly (string | null)[], label: string | null): void;
  /** What whoever reads the file has to know: a sentence. */
  note(sentence: string): void;
  /** A row that cannot be read: throws an `InputError`, or counts it where bad rows are to be skipped. */
  reject(at: number, reason: string): void;
}

/**
 * Reads one file; gives its number of rows, bad ones included. Throws `InputError`.
 * @param expansion how often its own size a compressed file may become
 */
export type ReadRows = (file: string, into: RowReader, expansion: number) => number | Promise<number>;

/** A value as it is shown in a sentence: quoted, with control characters escaped, and not endless. */
export function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}
