/** The door of this lib: a task from wherever it is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isTaskFolder, limitRows, readTaskFolder } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { generateTask, isBuiltinSource } from './builtin/generate.js';
import type { OpenedTask } from './file-task.js';
import { readFileTask } from './file-task.js';
import { kindOf } from './formats/files.js';
import type { OpenTaskOptions } from './options.js';
import { lookAlikesInWords } from './splits/labels.js';

/**
 * Opens a task: a built-in one (`builtin:sentiment?rows=500&seed=3`), a task folder of Arrow files, or a
 * folder or file with text and labels in GLUE's layouts, TSV, CSV, JSON Lines or Parquet. Options of files
 * have no effect on the first two. Throws `InputError` with one sentence for everything that is wrong with
 * the source.
 */
export async function openTask(source: string, options: OpenTaskOptions = {}): Promise<OpenedTask> {
  const { trainLimit } = options;
  if (trainLimit !== undefined && !(Number.isInteger(trainLimit) && trainLimit > 0))
    throw new InputError(`The train limit is ${trainLimit}; it has to be a whole number from 1`);
  const opened = await openWhole(source, options);
  const notes = [...opened.notes, ...lookAlikesInWords(source, opened.task.labels)];
  if (trainLimit === undefined) return { ...opened, notes };
  return { ...opened, notes, task: { ...opened.task, train: limitRows(opened.task.train, trainLimit) } };
}

async function openWhole(source: string, options: OpenTaskOptions): Promise<OpenedTask> {
  if (isBuiltinSource(source)) return { task: generateTask(source), skipped: [], notes: [], files: [] };
  if (kindOf(source) === 'folder' && (await isTaskFolder(source))) {
    const files = ['train', 'dev', 'test'].map((split) => join(source, `${split}.arrow`)).filter(existsSync);
    return { task: await readTaskFolder(source), skipped: [], notes: [], files };
  }
  return readFileTask(source, options);
}
