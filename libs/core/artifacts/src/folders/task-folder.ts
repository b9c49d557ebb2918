/**
 * A task (`task.ts`) as files: a folder of `train.arrow`, `dev.arrow` and, where there is one, `test.arrow`.
 * Every command that takes a task takes such a folder. A manifest beside them is the affair of whoever made
 * the task.
 */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, errorCode, makeFolder, systemError } from '@layerwise/errors';
import { z } from 'zod';
import { explained } from '../files/io-error.js';
import { removeManifest } from '../stages/manifest.js';
import { readTable } from '../arrow/read-table.js';
import { column, defineTable, nullableColumn } from '../arrow/schema.js';
import type { Split, Task } from './task.js';
import { writeTable, type WrittenTable } from '../arrow/write-table.js';

/** One split of a labelled task. */
export const taskTable = defineTable({
  name: 'task-split',
  version: 1,
  description: 'Rows of one split of a labelled task',
  columns: [
    column('index', 'int32', "the row's number in its source, from 0"),
    column('text', 'utf8', 'the sentence, or the first of two'),
    nullableColumn('pair', 'utf8', 'the second sentence; null where there is none'),
    column('label', 'int32', 'position in the labels of the metadata'),
  ],
  metadataKeys: ['task', 'labels'],
});

const splitNames = ['train', 'dev', 'test'] as const;
type SplitName = (typeof splitNames)[number];

/**
 * Writes the splits of a task; an old `test.arrow` and an old manifest do not survive. Throws an InputError
 * that names the split where columns differ in length, a label is out of range or two labels have one name.
 * Returns the entries for a manifest's outputs.
 */
export async function writeTaskFolder(task: Task, folder: string): Promise<readonly WrittenTable[]> {
  checkTask(task, `task ${task.name}`);
  makeFolder(folder);
  await removeManifest(folder);
  const metadata = { task: task.name, labels: JSON.stringify(task.labels) };
  const written: WrittenTable[] = [];
  for (const name of splitNames) {
    const split = task[name];
    const file = join(folder, `${name}.arrow`);
    if (split === undefined) {
      await explained('remove', file, () => rm(file, { force: true }));
      continue;
    }
    const { index, text, label } = split;
    const pair = split.pair ?? new Array<null>(text.length).fill(null);
    written.push(await writeTable(file, taskTable, { index, text, pair, label }, metadata));
  }
  return written;
}

/** Reads a task folder. InputError where a file is missing or wrong, or splits differ in task or labels. */
export async function readTaskFolder(folder: string): Promise<Task> {
  const train = await readSplit(folder, 'train');
  const dev = await readSplit(folder, 'dev');
  const test = (await exists(join(folder, 'test.arrow'))) ? await readSplit(folder, 'test') : undefined;
  for (const [name, other] of [
    ['dev', dev],
    ['test', test],
  ] as const) {
    if (other === undefined) continue;
    if (JSON.stringify(other.labels) !== JSON.stringify(train.labels)) {
      throw new InputError(
        `${join(folder, `${name}.arrow`)} has the labels ${other.labels.join(', ')}, but train.arrow beside it has ${train.labels.join(', ')}`,
      );
    }
    if (other.name !== train.name) {
      throw new InputError(
        `${join(folder, `${name}.arrow`)} belongs to the task ${other.name}, but train.arrow beside it to ${train.name}`,
      );
    }
  }
  const task = {
    name: train.name,
    labels: train.labels,
    train: train.split,
    dev: dev.split,
    ...(test !== undefined && { test: test.split }),
  };
  checkTask(task, folder);
  return task;
}

/** True for a folder with `train.arrow` and `dev.arrow`. */
export async function isTaskFolder(folder: string): Promise<boolean> {
  return (await exists(join(folder, 'train.arrow'))) && (await exists(join(folder, 'dev.arrow')));
}

async function readSplit(
  folder: string,
  name: SplitName,
): Promise<{ name: string; labels: string[]; split: Split }> {
  const file = join(folder, `${name}.arrow`);
  const table = await readTable(file, taskTable);
  const labels = parseLabels(file, table.metadata.labels);
  const pairs = table.column('pair');
  const nulls = pairs.reduce((count, pair) => count + (pair === null ? 1 : 0), 0);
  if (nulls > 0 && nulls < pairs.length) {
    const row = pairs.indexOf(null);
    throw new InputError(
      `${file}: row ${row} has no pair, but others have; a task has pairs in all rows or in none`,
    );
  }
  const split: Split = {
    index: table.column('index'),
    text: table.column('text'),
    pair: nulls === pairs.length ? null : pairs.filter((pair) => pair !== null),
    label: table.column('label'),
  };
  return { name: table.metadata.task, labels, split };
}

function parseLabels(file: string, text: string): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    throw new InputError(
      `${file}: the metadata "labels" should be a JSON list of names, but is ${text.slice(0, 80)}`,
    );
  }
}

/** `where` begins the sentence: a folder or a task's name. */
function checkTask(task: Task, where: string): void {
  const { labels } = task;
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new InputError(`${where}: two labels are called ${twice}`);
  const paired = splitNames.flatMap((name) => {
    const split = task[name];
    return split === undefined || split.text.length === 0 ? [] : [{ name, pairs: split.pair !== null }];
  });
  const odd = paired.find(({ pairs }) => pairs !== paired[0]?.pairs);
  if (odd !== undefined) {
    throw new InputError(
      `${where}: ${odd.name} has ${odd.pairs ? 'pairs' : 'single sentences'}, ${paired[0]?.name ?? ''} has not`,
    );
  }
  for (const name of splitNames) {
    const split = task[name];
    if (split === undefined) continue;
    const rows = split.text.length;
    for (const [column, length] of [
      ['index', split.index.length],
      ['label', split.label.length],
      ['pair', split.pair?.length ?? rows],
    ] as const) {
      if (length !== rows)
        throw new InputError(`${where}: ${name} has ${rows} texts, but ${length} in its column ${column}`);
    }
    const row = split.label.findIndex((label) => label < 0 || label >= labels.length);
    if (row >= 0) {
      throw new InputError(
        `${where}: ${name}, row ${row} has the label ${String(split.label[row])}, but there are ${labels.length} labels, counted from 0`,
      );
    }
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false;
    throw systemError(error, 'read', file);
  }
}
