/** A task from its files: train first, which settles columns and labels, then dev and test by them. */
import type { Split, Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import type { OpenTaskOptions } from './options.js';
import type { Columns } from './splits/columns.js';
import { chooseColumns } from './splits/columns.js';
import { formatOf } from './formats/formats.js';
import { areScores, classesOf, type Classes } from './splits/labels.js';
import { findSplitFiles } from './splits/split-files.js';
import type { SkippedRows, SplitRequest, SplitRows } from './splits/split.js';
import { leftOutInWords, readSplit } from './splits/split.js';

export interface OpenedTask {
  readonly task: Task;
  /** Per file with bad rows; empty unless `skipBadRows`. */
  readonly skipped: readonly SkippedRows[];
  /** What whoever uses it has to know, a sentence each; rows left out are among it. */
  readonly notes: readonly string[];
  /** The files that the rows came from; empty for a built-in task. */
  readonly files: readonly string[];
}

const MANY_LABELS = 100;
/** Characters of a whole book. */
const LONGEST_TEXT = 1_000_000;
/** Real texts are packed to a tenth, tables with few different ones to a fiftieth. */
const EXPANSION = 50;

/** Reads a folder or file in any of the formats. Throws `InputError`, with file and line for a bad row. */
export async function readFileTask(source: string, options: OpenTaskOptions): Promise<OpenedTask> {
  const files = findSplitFiles(source, options);
  const {
    labelsAsWritten = false,
    skipBadRows = false,
    longestText = LONGEST_TEXT,
    expansion = EXPANSION,
  } = options;
  const request = (
    role: SplitRequest['role'],
    classes: Classes | null,
    columnsOf: SplitRequest['columnsOf'],
  ): SplitRequest => ({
    role,
    files: files[role],
    format: formatOf(files[role][0]!, options.format),
    columnsOf,
    classes,
    labelsAsWritten,
    skipBadRows,
    longestText,
    expansion,
  });

  const train = await readSplit(request('train', null, (file, first) => chooseColumns(file, first, options)));
  if (train.rows === null || train.columns === null)
    throw new InputError(`${source} has no rows to train on`);
  const columns = train.columns;
  const classes = classesOf(train.labels, labelsAsWritten);
  checkLabels(files.train[0]!, columns, classes.names, train.rows.index.length);
  const dev = await readSplit(request('dev', classes, () => columns));
  if (dev.rows === null) throw new InputError(`${source} has no dev rows`);
  const test = files.test.length > 0 ? await readSplit(request('test', classes, () => columns)) : null;

  const classOf = train.labels.map((label) => classes.find(label)!);
  const split = (rows: SplitRows, label: readonly number[]): Split => ({
    index: Int32Array.from(rows.index),
    text: rows.text,
    pair: columns.pair === undefined ? null : rows.pair,
    label: Int32Array.from(label),
  });
  const testRows = test?.rows ?? null;
  const skipped = [...train.skipped, ...dev.skipped, ...(test?.skipped ?? [])];
  return {
    task: {
      name: files.name,
      labels: [...classes.names],
      train: split(
        train.rows,
        train.rows.label.map((code) => classOf[code]!),
      ),
      dev: split(dev.rows, dev.rows.label),
      ...(testRows !== null && { test: split(testRows, testRows.label) }),
    },
    skipped,
    notes: [...leftOutInWords(skipped), ...train.notes, ...dev.notes, ...(test?.notes ?? [])],
    files: [...files.train, ...files.dev, ...(testRows === null ? [] : files.test)],
  };
}

function checkLabels(file: string, columns: Columns, labels: readonly string[], rows: number): void {
  const column = JSON.stringify(columns.label);
  if (areScores(labels))
    throw new InputError(
      `${file} has numbers such as ${labels.find((label) => !Number.isInteger(Number(label))) ?? ''} in ${column}, which is regression; only classification tasks can be opened`,
    );
  if (labels.length < 2)
    throw new InputError(
      `${file} has only the label ${JSON.stringify(labels[0])} in ${column}; a task needs two or more`,
    );
  if (labels.length > MANY_LABELS && labels.length > rows / 2)
    throw new InputError(
      `${file} has ${labels.length} different values in ${column} in ${rows} rows, so these are no labels; name the column with --label-column`,
    );
}
