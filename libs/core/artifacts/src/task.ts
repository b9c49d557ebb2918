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
