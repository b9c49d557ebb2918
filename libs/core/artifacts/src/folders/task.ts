/**
 * A labelled task as columns: what `datasets` produces, the shifts split and `finetune` consumes.
 * As files it is a folder of `train.arrow`, `dev.arrow` (and `test.arrow`), see `task-folder.ts`.
 */

/** Rows of one split, a column each; all columns have the same length. */
export interface Split {
  /** The row's number in its source, from 0. */
  readonly index: Int32Array;
  readonly text: readonly string[];
  /** Second sentences, or null where the task has single sentences. */
  readonly pair: readonly string[] | null;
  /** Positions in the task's `labels`. */
  readonly label: Int32Array;
}

export interface Task {
  readonly name: string;
  /** Label names in their stored order; train and dev share them. */
  readonly labels: readonly string[];
  readonly train: Split;
  readonly dev: Split;
  readonly test?: Split;
}

/** The rows of a split at these places, in their order. */
export function takeRows({ index, text, pair, label }: Split, rows: Int32Array): Split {
  const textsOf = (column: readonly string[]): string[] => Array.from(rows, (row) => column[row]!);
  return {
    index: rows.map((row) => index[row]!),
    text: textsOf(text),
    pair: pair === null ? null : textsOf(pair),
    label: rows.map((row) => label[row]!),
  };
}

/** The first `count` rows of a split; the split itself if it has no more. */
export function limitRows(split: Split, count: number): Split {
  if (count >= split.label.length) return split;
  return takeRows(
    split,
    Int32Array.from({ length: count }, (_, row) => row),
  );
}
