/**
 * What other stages know of a task's rows, brought to the task's row order and checked to be of this very
 * task: clusters, parts of a pair, predictions.
 */
import { join } from 'node:path';
import {
  clusterTable,
  predictionsTable,
  readTable,
  readTaskFolder,
  type Split,
  type Task,
} from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';

export type SplitName = 'train' | 'dev';

/** A row is in one part of a pair, or in neither. */
export const PARTS = ['original', 'shifted', 'neither'] as const;
export type Part = (typeof PARTS)[number];

/** The cluster of every row of a split, from the `clusters.arrow` in `folder`. */
export async function clustersOf(folder: string, task: Task, split: SplitName): Promise<Int32Array> {
  const file = join(folder, 'clusters.arrow');
  const table = await readTable(file, clusterTable);
  const [train, rows] = [task.train.index.length, task.train.index.length + task.dev.index.length];
  const [names, index, cluster] = [table.column('split'), table.column('index'), table.column('cluster')];
  const same =
    table.metadata.task === task.name &&
    table.rows === rows &&
    names.every((name, row) => name === (row < train ? 'train' : 'dev')) &&
    index.every(
      (number, row) => number === (row < train ? task.train.index[row] : task.dev.index[row - train]),
    );
  if (!same)
    throw new InputError(
      `${file} holds clusters of another task than ${task.name} with its ${rows} rows: of ${table.metadata.task}, with ${table.rows}; cluster this task`,
    );
  const bad = cluster.findIndex((value) => value < 0);
  if (bad >= 0)
    throw new InputError(`${file}: row ${bad} is in cluster ${cluster[bad]!}; clusters count from 0`);
  return split === 'train' ? cluster.subarray(0, train) : cluster.subarray(train);
}

/** The part of every row of a split, from a pair's `original/` and `shifted/` in `folder`. */
export async function partsOf(folder: string, task: Task, split: SplitName): Promise<readonly Part[]> {
  const parts = new Array<Part>(task[split].index.length).fill('neither');
  const rowOf = rowsByIndex(task[split]);
  for (const part of ['original', 'shifted'] as const) {
    const partFolder = join(folder, part);
    const { index, text, pair } = (await readTaskFolder(partFolder))[split];
    index.forEach((number, i) => {
      const row = rowOf.get(number);
      if (row === undefined || text[i] !== task[split].text[row] || pair?.[i] !== task[split].pair?.[row])
        throw new InputError(
          `${join(partFolder, `${split}.arrow`)}: row ${i} is no row of ${task.name}; give a pair that was cut from this task`,
        );
      if (parts[row] !== 'neither')
        throw new InputError(
          `${join(partFolder, `${split}.arrow`)}: row ${i} is in ${parts[row] ?? ''} too; give a pair whose parts share no row`,
        );
      parts[row] = part;
    });
  }
  return parts;
}

/** The label that a model gave to every dev row of a task, null for rows that no file has. */
export async function predictionsOf(
  files: readonly string[],
  task: Task,
): Promise<readonly (number | null)[]> {
  const { dev } = task;
  const predictions = new Array<number | null>(dev.index.length).fill(null);
  const rowOf = rowsByIndex(dev);
  for (const file of files) {
    const table = await readTable(file, predictionsTable);
    if (table.metadata.labels !== JSON.stringify(task.labels))
      throw new InputError(
        `${file} holds predictions of other labels, ${table.metadata.labels}, than ${task.name} has, ${JSON.stringify(task.labels)}; give predictions of this task`,
      );
    const [index, label, predicted] = [
      table.column('index'),
      table.column('label'),
      table.column('predicted'),
    ];
    index.forEach((number, i) => {
      const row = rowOf.get(number);
      if (row === undefined || dev.label[row] !== label[i])
        throw new InputError(
          `${file}: row ${i} is no dev row of ${task.name}, ${row === undefined ? `which has none of index ${number}` : 'whose label is another'}; give predictions of this task`,
        );
      if (predictions[row] !== null)
        throw new InputError(`${file}: row ${i} was predicted before; give each row's prediction once`);
      const prediction = predicted[i] ?? -1;
      if (prediction < 0 || prediction >= task.labels.length)
        throw new InputError(
          `${file}: row ${i} has the prediction ${prediction}, but there are ${task.labels.length} labels, counted from 0`,
        );
      predictions[row] = prediction;
    });
  }
  return predictions;
}

function rowsByIndex({ index }: Split): ReadonlyMap<number, number> {
  return new Map(Array.from(index, (number, row) => [number, row]));
}
