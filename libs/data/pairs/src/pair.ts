/**
 * A pair of tasks (D_o, D_s), `original` and `shifted`, and where their rows come from: what every kind of
 * shift makes.
 *
 * Either a cut of one task by its rows (`cutTask`: by length, by cluster) or two tasks (`pairOfTasks`). Parts
 * have a train and a dev split; a test split of the source stays behind. As files: `pair-folder.ts`.
 */
import { digestOfTexts, takeRows, type Split, type Task, type TaskRows } from '@layerwise/artifacts';
import type { PairKind } from './options.js';

export const PARTS = ['original', 'shifted'] as const;
export type PartName = (typeof PARTS)[number];

export const PAIR_SPLITS = ['train', 'dev'] as const;
export type PairSplit = (typeof PAIR_SPLITS)[number];

/** Something of each split. */
export type PerSplit<T> = Readonly<Record<PairSplit, T>>;
/** Something of each part. */
export type PerPart<T> = Readonly<Record<PartName, T>>;

export function perSplit<T>(of: (split: PairSplit) => T): PerSplit<T> {
  return { train: of('train'), dev: of('dev') };
}

export function perPart<T>(of: (part: PartName) => T): PerPart<T> {
  return { original: of('original'), shifted: of('shifted') };
}

export function perSplitOfPart<T>(tasks: PerPart<Task>, of: (rows: Split) => T): PerPart<PerSplit<T>> {
  return perPart((part) => perSplit((split) => of(tasks[part][split])));
}

/** Row numbers of a part in its source task: positions in each split, from 0, ascending. */
export type PairRows = PerSplit<Int32Array>;

export interface Pair {
  readonly kind: PairKind;
  readonly original: Task;
  readonly shifted: Task;
  /** For a cut of one task: which of its rows; for two tasks: all rows of each. */
  readonly rows: PerPart<PairRows>;
  /** `digestOfTexts` of each part's source splits: by it embeddings are matched to a part. */
  readonly sources: PerPart<PerSplit<string>>;
}

/** The given rows of a task, under another name; `index` keeps the numbers of the task's own source. */
export function partOf(task: Task, rows: PairRows, name: string): Task {
  const { labels } = task;
  return { name, labels, train: takeRows(task.train, rows.train), dev: takeRows(task.dev, rows.dev) };
}

/**
 * Two parts of one task. Rows may be left out (of clusters that belong to neither part), but none may be in
 * both.
 * @throws RangeError where a row is not in the task, is out of order or is in both parts
 */
export function cutTask(task: Task, kind: PairKind, rows: PerPart<PairRows>, names: PerPart<string>): Pair {
  for (const split of PAIR_SPLITS)
    checkRows(rows.original[split], rows.shifted[split], task[split].text.length);
  const source = { train: digestOfTexts(task.train), dev: digestOfTexts(task.dev) };
  return {
    kind,
    original: partOf(task, rows.original, names.original),
    shifted: partOf(task, rows.shifted, names.shifted),
    rows,
    sources: { original: source, shifted: source },
  };
}

/** Two tasks as they are, without their test splits. */
export function pairOfTasks(original: Task, shifted: Task): Pair {
  const whole = ({ name, labels, train, dev }: Task): Task => ({ name, labels, train, dev });
  const tasks = { original: whole(original), shifted: whole(shifted) };
  return {
    kind: 'dataset',
    ...tasks,
    rows: perSplitOfPart(tasks, ({ text }) => Int32Array.from(text.keys())),
    sources: perSplitOfPart(tasks, digestOfTexts),
  };
}

function checkRows(original: Int32Array, shifted: Int32Array, count: number): void {
  const taken = new Uint8Array(count);
  for (const rows of [original, shifted]) {
    let before = -1;
    for (const row of rows) {
      if (row <= before || row >= count)
        throw new RangeError(`row ${row} after row ${before}, of ${count} rows: not ascending or not there`);
      if (taken[row] === 1) throw new RangeError(`row ${row} is in both parts`);
      taken[row] = 1;
      before = row;
    }
  }
}

/**
 * Rows of the parts of a task that will be cut in two: halves. Clusters are of other sizes, but as many rows
 * together.
 */
export function halvesOf({ train, dev }: TaskRows): PerPart<TaskRows> {
  const half = { train: Math.ceil(train / 2), dev: Math.ceil(dev / 2) };
  return { original: half, shifted: half };
}
